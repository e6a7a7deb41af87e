package day

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Play sends the requests of the story, one after the other, to the API at
// baseURL, setting the clock before each; the clock runs again when Play
// returns. It ends with an error at the first answer that is not the one the
// story tells, or when ctx is done.
//
// The API must be new and have the same clock. Afterwards the requests of
// payments.DemoRequests work.
func Play(ctx context.Context, client *http.Client, baseURL string, clock *Clock) error {
	defer clock.Set(time.Time{})
	p := player{client: client, baseURL: baseURL, ids: map[string]string{}, tokens: map[string]string{}}
	start := time.Now().Add(-Length)
	for i, step := range Story() {
		offset, err := step.offset(i)
		if err != nil {
			return fmt.Errorf("day: %w", err)
		}
		clock.Set(start.Add(offset))
		if err := p.play(ctx, i, step); err != nil {
			return fmt.Errorf("day: %s %s: %s: %w", step.At, step.Who, step.Do, err)
		}
	}
	return nil
}

// A player remembers what the API answered.
type player struct {
	client  *http.Client
	baseURL string
	ids     map[string]string // by the name given in Do
	tokens  map[string]string // by person
}

func (p *player) play(ctx context.Context, i int, step Step) error {
	req, err := p.request(ctx, step)
	if err != nil {
		return err
	}
	req.Header.Set("X-Request-Id", fmt.Sprintf("req_%04d", i+1))
	resp, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != step.Status {
		return fmt.Errorf("status is %d, not %d: %s", resp.StatusCode, step.Status, body)
	}
	return p.remember(step, body)
}

func (p *player) request(ctx context.Context, step Step) (*http.Request, error) {
	method, path, _ := step.request()
	who, as := step.actors()
	path = p.fill(path)
	if strings.ContainsAny(path, "{}") {
		return nil, fmt.Errorf("path %s: no answer had that id", path)
	}
	req, err := http.NewRequestWithContext(ctx, method, p.baseURL+path, strings.NewReader(p.fill(step.Body)))
	if err != nil {
		return nil, err
	}
	for key, value := range people[who] {
		req.Header.Set(key, value)
	}
	if step.Body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if token := p.tokens[who]; token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if as != "" {
		req.Header.Set("X-Act-As", "usr_"+as)
	}
	return req, nil
}

// fill puts the ids that were kept in the place of their names.
func (p *player) fill(text string) string {
	for name, id := range p.ids {
		text = strings.ReplaceAll(text, "{"+name+"}", id)
	}
	return text
}

// remember keeps what later steps need of an answer: the id, also of the first
// item of a list, and the token or secret.
func (p *player) remember(step Step, body []byte) error {
	_, _, keep := step.request()
	who, _ := step.actors()
	var answer struct {
		ID, Token, Secret string
		Items             []struct{ ID string }
	}
	if len(body) > 0 {
		if err := json.Unmarshal(body, &answer); err != nil {
			return fmt.Errorf("answer %s: %w", body, err)
		}
	}
	if answer.Token != "" {
		p.tokens[who] = answer.Token
	}
	if keep == "" {
		return nil
	}
	if answer.Secret != "" {
		p.tokens[keep] = answer.Secret
	}
	if answer.ID == "" && len(answer.Items) > 0 {
		answer.ID = answer.Items[0].ID
	}
	if answer.ID == "" {
		return fmt.Errorf("answer %s has no id to be kept", body)
	}
	p.ids[keep] = answer.ID
	return nil
}
