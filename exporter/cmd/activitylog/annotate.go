package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/activitylog-go/activitylog/mapping/lint"
)

// reportGitHub writes findings as workflow commands, of which GitHub makes
// annotations in a pull request.
func reportGitHub(out io.Writer, found []lint.Finding) error {
	w := bufio.NewWriter(out)
	for _, f := range found {
		at := placeOf(f.Pos)
		place := "file=" + commandProperty.Replace(at.File)
		if at.Line > 0 {
			place += fmt.Sprintf(",line=%d,col=%d", at.Line, max(at.Column, 1))
		}
		if f.Pos.Length > 0 {
			place += fmt.Sprintf(",endColumn=%d", at.Column+f.Pos.Length)
		}
		fmt.Fprintf(w, "::error %s,title=activitylog %s::%s\n", place, checkName(f), commandData.Replace(withFix(f)))
	}
	return w.Flush()
}

// What a workflow command would take for its own.
var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// withFix returns the message with the YAML to paste.
func withFix(f lint.Finding) string {
	if f.Fix == "" {
		return f.Msg
	}
	return f.Msg + "\n\n" + f.Fix
}

// reportGitLab writes findings as a Code Quality report, which GitLab shows in
// a merge request. Their fingerprints do not depend on the line.
func reportGitLab(out io.Writer, found []lint.Finding) error {
	type lines struct {
		Begin int `json:"begin"`
	}
	type location struct {
		Path  string `json:"path"`
		Lines lines  `json:"lines"`
	}
	type issue struct {
		Description string   `json:"description"`
		CheckName   string   `json:"check_name"`
		Fingerprint string   `json:"fingerprint"`
		Severity    string   `json:"severity"`
		Location    location `json:"location"`
	}
	issues := []issue{}
	seen := make(map[string]int)
	for _, f := range found {
		at := placeOf(f.Pos)
		text := strings.Join([]string{checkName(f), at.File, f.Msg}, "\x00")
		seen[text]++
		issues = append(issues, issue{
			Description: withFix(f),
			CheckName:   checkName(f),
			Fingerprint: fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", text, seen[text]))),
			Severity:    "major",
			Location:    location{at.File, lines{max(at.Line, 1)}},
		})
	}
	return writeJSON(out, issues)
}

// reportSARIF writes findings in the Static Analysis Results Interchange
// Format, 2.1.0, which code scanning systems read.
func reportSARIF(out io.Writer, found []lint.Finding) error {
	type object = map[string]any
	text := func(s string) object { return object{"text": s} }
	rules := []object{{"id": "invalid", "shortDescription": text("The mapping does not load.")}}
	for _, c := range lint.Checks() {
		rules = append(rules, object{"id": c.Name, "shortDescription": text(c.Doc)})
	}
	results := []object{}
	for _, f := range found {
		at := placeOf(f.Pos)
		region := object{"startLine": max(at.Line, 1), "startColumn": max(at.Column, 1)}
		if f.Pos.Length > 0 {
			region["endColumn"] = at.Column + f.Pos.Length
		}
		results = append(results, object{
			"ruleId":  checkName(f),
			"level":   "error",
			"message": text(withFix(f)),
			"locations": []object{{"physicalLocation": object{
				"artifactLocation": object{"uri": uri(at.File)},
				"region":           region,
			}}},
		})
	}
	return writeJSON(out, object{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
		"version": "2.1.0",
		"runs": []object{{
			"tool":       object{"driver": object{"name": "activitylog", "rules": rules}},
			"columnKind": "unicodeCodePoints",
			"results":    results,
		}},
	})
}

// uri returns a path as a relative reference.
func uri(path string) string { return (&url.URL{Path: path}).String() }
