package catalogue

import (
	"cmp"
	"slices"
	"strings"
)

// The limits of what [Catalogue.Match] reads of a header. No browser sends
// as much.
const (
	maxAcceptLanguage = 1024 // bytes
	maxRanges         = 32
)

// Match returns the one of [Catalogue.Languages] that an Accept-Language
// header asks for first (the lookup of RFC 4647), or English if there is none
// or the header cannot be read. "de-AT" is content with "de".
func (c *Catalogue) Match(acceptLanguage string) string {
	languages := c.Languages()
	ranges := readRanges(acceptLanguage)
	refused := func(tag string) bool {
		return slices.Contains(ranges, languageRange{tag, 0})
	}
	for _, r := range ranges {
		if r.quality == 0 {
			break // sorted: the others are refused as well
		}
		for tag := r.tag; tag != ""; tag = parent(tag) {
			if slices.Contains(languages, tag) && !refused(tag) {
				return tag
			}
		}
	}
	return English
}

type languageRange struct {
	tag     string
	quality int // thousandths
}

// readRanges returns the ranges of a header, the best first. The range "*"
// says nothing that a lookup could use.
func readRanges(header string) []languageRange {
	if len(header) > maxAcceptLanguage {
		return nil
	}
	var ranges []languageRange
	for element := range strings.SplitSeq(header, ",") {
		text, params, weighted := strings.Cut(element, ";")
		tag, err := ParseTag(strings.TrimSpace(text))
		quality, ok := 1000, true
		if weighted {
			quality, ok = readQuality(strings.TrimSpace(params))
		}
		if err != nil || !ok {
			continue
		}
		if ranges = append(ranges, languageRange{tag, quality}); len(ranges) == maxRanges {
			break
		}
	}
	slices.SortStableFunc(ranges, func(a, b languageRange) int { return cmp.Compare(b.quality, a.quality) })
	return ranges
}

// readQuality reads q=0.5 as 500. A quality has three decimals at most.
func readQuality(param string) (thousandths int, ok bool) {
	name, value, _ := strings.Cut(param, "=")
	whole, decimals, _ := strings.Cut(value, ".")
	if name != "q" && name != "Q" || whole != "0" && whole != "1" || len(decimals) > 3 {
		return 0, false
	}
	thousandths = int(whole[0]-'0') * 1000
	for i, unit := 0, 100; i < len(decimals); i, unit = i+1, unit/10 {
		if decimals[i] < '0' || decimals[i] > '9' {
			return 0, false
		}
		thousandths += int(decimals[i]-'0') * unit
	}
	return thousandths, thousandths <= 1000
}
