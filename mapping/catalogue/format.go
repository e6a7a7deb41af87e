package catalogue

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// A formatFunc appends a value as one of the types: text is the string, or
// the JSON text of what is none. It reports whether it could be read as that.
type formatFunc func(b []byte, text string, p *piece) ([]byte, bool)

var formats = map[string]formatFunc{
	"money":  appendMoney,
	"number": func(b []byte, text string, p *piece) ([]byte, bool) { return p.style.appendNumber(b, text) },
	"date":   appendDate,
	"time":   appendTime,
	"onoff":  appendOnOff,
	"words":  func(b []byte, text string, _ *piece) ([]byte, bool) { return appendWords(b, text), true },
	"list":   appendJSONList,
}

// appendNumber appends a decimal number, digit by digit as it is written:
// what passes through a floating-point number may come out as another.
func (s *style) appendNumber(b []byte, text string) ([]byte, bool) {
	digits, negative := strings.CutPrefix(text, "-")
	whole, decimals, hasMark := strings.Cut(digits, ".")
	if !isDigits(whole) || hasMark && !isDigits(decimals) {
		return b, false
	}
	if negative {
		b = append(b, '-')
	}
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b = append(b, s.group...)
		}
		b = append(b, whole[i])
	}
	if hasMark {
		b = append(append(b, s.mark...), decimals...)
	}
	return b, true
}

const maxDigits = 40 // more are no number that anybody reads

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != "" && len(s) <= maxDigits
}

// appendMoney appends an amount with its currency. The amount is told as the
// application gives it: whether 1250 are cents it does not know.
func appendMoney(b []byte, text string, p *piece) ([]byte, bool) {
	var money struct {
		Amount   json.RawMessage `json:"amount"`
		Currency string          `json:"currency"`
	}
	amount := strings.TrimSpace(text)
	if strings.HasPrefix(amount, "{") {
		if json.Unmarshal([]byte(amount), &money) != nil || !isCurrency(money.Currency) {
			return b, false
		}
		amount = jsonText(money.Amount)
	} else if before, after, ok := strings.Cut(amount, " "); ok {
		amount, money.Currency = before, after
		if isCurrency(before) {
			amount, money.Currency = after, before
		}
		if !isCurrency(money.Currency) {
			return b, false
		}
	}
	b, ok := p.style.appendNumber(b, amount)
	if ok && money.Currency != "" {
		b = append(append(b, ' '), strings.ToUpper(money.Currency)...)
	}
	return b, ok
}

// isCurrency reports whether s looks like the code of a currency: EUR, usd,
// and longer ones of what is traded like one.
func isCurrency(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return len(s) >= 3 && len(s) <= 5
}

func appendDate(b []byte, text string, _ *piece) ([]byte, bool) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.AppendFormat(b, time.DateOnly), true
	}
	t, ok := readTime(text)
	if !ok {
		return b, false
	}
	return t.AppendFormat(b, time.DateOnly), true
}

// appendTime appends a time in the zone that it was given in, to the second.
func appendTime(b []byte, text string, _ *piece) ([]byte, bool) {
	t, ok := readTime(text)
	if !ok {
		return b, false
	}
	b = t.AppendFormat(b, time.DateTime)
	if _, offset := t.Zone(); offset == 0 {
		return append(b, " UTC"...), true
	}
	return t.AppendFormat(b, " -07:00"), true
}

// readTime reads an RFC 3339 time or a Unix time. The latter has ten digits
// in seconds and thirteen in milliseconds, from 2001 to 2286.
func readTime(text string) (time.Time, bool) {
	if len(text) == 10 || len(text) == 13 {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && isDigits(text) && text[0] != '0' {
			if len(text) == 10 {
				return time.Unix(n, 0).UTC(), true
			}
			return time.UnixMilli(n).UTC(), true
		}
	}
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}

func appendOnOff(b []byte, text string, p *piece) ([]byte, bool) {
	switch strings.ToLower(text) {
	case "true", "on", "yes", "enabled", "1":
		return append(b, p.on...), true
	case "false", "off", "no", "disabled", "0":
		return append(b, p.off...), true
	}
	return b, false
}

func appendJSONList(b []byte, text string, p *piece) ([]byte, bool) {
	var elements []json.RawMessage
	if json.Unmarshal([]byte(text), &elements) != nil || len(elements) == 0 {
		return b, false
	}
	return p.style.appendList(b, len(elements), 0, func(b []byte, i int) []byte {
		return appendText(b, jsonText(elements[i]), maxJSONValue)
	}), true
}
