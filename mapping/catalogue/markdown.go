package catalogue

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Markdown returns the catalogue as a table in Markdown, sorted by code: for
// documentation, and to compare with the last release's. The same catalogue
// gives the same bytes.
func (c *Catalogue) Markdown() []byte {
	rows := [][]string{{"Code", "Title", "Sentence", "Severity", "Formerly", "Emitted by"}}
	for _, e := range c.Entries() {
		rows = append(rows, []string{
			codeSpan(e.Code),
			plainText(c.Title(e.Code)),
			sentencesOf(e),
			severityOf(e),
			cell(e.Aliases, codeSpan),
			emitters(e),
		})
	}
	return table(rows)
}

// sentencesOf returns the sentences of an entry, or what the grammar says.
func sentencesOf(e Entry) string {
	sentences := e.Sentences
	if len(sentences) == 0 {
		_, draft := Draft(e.Code, "")
		sentences = []Sentence{{Text: draft}}
	}
	return cell(sentences, func(s Sentence) string {
		if s.When.Always() {
			return plainText(s.Text)
		}
		return plainText(s.Text + " (if " + s.When.String() + ")")
	})
}

// emitters returns the routes of an entry, or what else emits it.
func emitters(e Entry) string {
	if len(e.Routes) == 0 {
		return plainText(e.EmittedBy)
	}
	return cell(e.Routes, codeSpan)
}

func severityOf(e Entry) string {
	if e.Severity == 0 {
		return "by outcome"
	}
	return strings.ToLower(e.Severity.String())
}

// cell returns the elements of a list as the lines of a cell.
func cell[T any](list []T, write func(T) string) string {
	lines := make([]string, len(list))
	for i, v := range list {
		lines[i] = write(v)
	}
	return strings.Join(lines, "<br>")
}

// codeSpan returns text that reads as it is written.
func codeSpan[T ~string](text T) string {
	if s := string(text); s != "" && !strings.Contains(s, "`") {
		return "`" + strings.ReplaceAll(oneLine(s), "|", `\|`) + "`"
	}
	return plainText(string(text))
}

func plainText(s string) string { return markup.Replace(oneLine(s)) }

// markup is what means more than itself in a cell.
var markup = strings.NewReplacer(
	`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`, "[", `\[`, "]", `\]`, "<", "&lt;", "&", "&amp;",
)

func oneLine(s string) string { return finish(appendText(nil, s, len(s))) }

// table writes rows of cells, the first of them the heading, as columns of
// the same width.
func table(rows [][]string) []byte {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, text := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	var b bytes.Buffer
	for n, row := range rows {
		for i, text := range row {
			b.WriteString("| " + text + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text)+1))
		}
		b.WriteString("|\n")
		if n > 0 {
			continue
		}
		for _, width := range widths {
			b.WriteString("|" + strings.Repeat("-", width+2))
		}
		b.WriteString("|\n")
	}
	return b.Bytes()
}
