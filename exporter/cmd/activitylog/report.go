package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/activitylog-go/activitylog/mapping"
	"github.com/activitylog-go/activitylog/mapping/lint"
)

// reports write findings, by the name of their format.
var reports = map[string]func(io.Writer, []lint.Finding) error{
	"text":   reportText,
	"json":   reportJSON,
	"github": reportGitHub,
	"gitlab": reportGitLab,
	"sarif":  reportSARIF,
}

// reportText writes findings for people: with the lines around each, and what
// to paste.
func reportText(out io.Writer, found []lint.Finding) error {
	w := bufio.NewWriter(out)
	files := make(excerpts)
	for _, f := range found {
		f.Pos.File = localPath(f.Pos.File)
		fmt.Fprintln(w, f)
		if text := files.excerpt(f.Pos); text != "" {
			fmt.Fprintln(w, text)
		}
		if f.Fix != "" {
			fmt.Fprintf(w, "      to paste:\n        %s\n", strings.ReplaceAll(strings.TrimSpace(f.Fix), "\n", "\n        "))
		}
	}
	return w.Flush()
}

// excerpts keeps the lines of the files that findings are in.
type excerpts map[string][]string

// excerpt returns the lines around a place, "" if its file cannot be read any
// more. A file that is wrong as a whole, too long for one, is left alone.
func (e excerpts) excerpt(at mapping.Pos) string {
	if at.Line == 0 {
		return ""
	}
	lines, ok := e[at.File]
	if !ok {
		data, _ := os.ReadFile(at.File)
		lines = strings.Split(string(data), "\n")
		e[at.File] = lines
	}
	return at.Excerpt(lines)
}

// localPath returns a path as one would write it from the working directory.
func localPath(path string) string {
	dir, err := os.Getwd()
	if err != nil || !filepath.IsAbs(path) {
		return path
	}
	if rel, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}

type jsonPlace struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

func placeOf(p mapping.Pos) jsonPlace {
	return jsonPlace{filepath.ToSlash(localPath(p.File)), p.Line, p.Column}
}

func reportJSON(out io.Writer, found []lint.Finding) error {
	type finding struct {
		jsonPlace
		Check   string `json:"check"`
		Message string `json:"message"`
		Fix     string `json:"fix,omitempty"`
	}
	list := []finding{}
	for _, f := range found {
		list = append(list, finding{placeOf(f.Pos), checkName(f), f.Msg, f.Fix})
	}
	return writeJSON(out, list)
}

// checkName returns the name of a finding's check; what does not load has none.
func checkName(f lint.Finding) string {
	if f.Check == "" {
		return "invalid"
	}
	return f.Check
}

func writeJSON(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
