package secret

import "strconv"

// card returns the length of the payment card number that s begins with, or 0.
// It has the first digits and the length of a brand, the groups in which cards
// are printed or no gap at all, and the right check digit. Without a gap it has
// 16 digits at most: longer numbers are rather ids, snowflakes have 17 to 19.
func card(s string) int {
	var digits [19]byte
	n := count(s, digit)
	if 14 <= n && n <= 16 {
		copy(digits[:], s[:n])
		if ends(s[n:], '.') && ends(s[n:], '-') && isCard(digits[:n]) {
			return n
		}
		return 0
	}
	if n != 4 || len(s) == n || s[n] != ' ' && s[n] != '-' {
		return 0
	}
	for _, groups := range printed {
		if n := grouped(s, groups, &digits); n > 0 {
			return n
		}
	}
	return 0
}

// IsCard reports whether n is a payment card number.
func IsCard(n int64) bool {
	if n < 1e13 {
		return false
	}
	s := strconv.FormatInt(n, 10)
	return card(s) == len(s)
}

// printed are the lengths of the groups in which numbers are printed.
var printed = [][]int{{4, 4, 4, 4, 3}, {4, 4, 4, 4}, {4, 6, 5}, {4, 6, 4}}

func grouped(s string, groups []int, digits *[19]byte) int {
	gap := s[4]
	n, i := 0, 0
	for g, length := range groups {
		if g > 0 {
			if i == len(s) || s[i] != gap {
				return 0
			}
			i++
		}
		if count(s[i:], digit) < length {
			return 0
		}
		n += copy(digits[n:], s[i:i+length])
		i += length
	}
	if !ends(s[i:], gap) || !isCard(digits[:n]) {
		return 0
	}
	return i
}

// ends reports whether a number ends before s. Behind a gap that is not a
// space it would go on.
func ends(s string, gap byte) bool {
	if s == "" {
		return true
	}
	goesOn := gap != ' ' && s[0] == gap && len(s) > 1 && alphanumeric.has(s[1])
	return !alphanumeric.has(s[0]) && !goesOn
}

// isPart reports whether the digits at i are those behind a decimal point, or
// go on with an id of several groups, or with an IBAN as it is printed.
func isPart(s string, i int) bool {
	if i >= 2 && (s[i-1] == '.' || s[i-1] == '-') && digit.has(s[i-2]) {
		return true
	}
	const group, groups = 4, 8
	for range groups {
		if i <= group || s[i-1] != ' ' {
			return false
		}
		before := s[i-1-group : i-1]
		if count(before, digit) < group {
			return isCapital(before[0]) && isCapital(before[1]) && count(before[2:], digit) == 2
		}
		i -= group + 1
	}
	return false
}

func isCapital(c byte) bool { return 'A' <= c && c <= 'Z' }

func isCard(digits []byte) bool { return isBrand(digits) && luhn(digits) }

// isBrand reports whether numbers of a brand begin so and are that long.
func isBrand(d []byte) bool {
	two := int(d[0]-'0')*10 + int(d[1]-'0')
	three := two*10 + int(d[2]-'0')
	four := three*10 + int(d[3]-'0')
	switch len(d) {
	case 14: // Diners Club
		return two == 36 || two == 38 || 300 <= three && three <= 305
	case 15: // American Express
		return two == 34 || two == 37
	case 16:
		return d[0] == '4' || // Visa
			51 <= two && two <= 55 || 2221 <= four && four <= 2720 || // Mastercard
			four == 6011 || 644 <= three && three <= 649 || two == 65 || // Discover
			3528 <= four && four <= 3589 || // JCB
			2200 <= four && four <= 2204 || // Mir
			two == 62 || isMaestro(four) // UnionPay
	case 19:
		return d[0] == '4' || two == 62 || isMaestro(four)
	}
	return false
}

func isMaestro(four int) bool {
	switch four {
	case 5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763:
		return true
	}
	return false
}

// luhn reports whether the last digit is the one that the others ask for.
func luhn(digits []byte) bool {
	sum := 0
	for i, d := range digits {
		n := int(d - '0')
		if (len(digits)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}
