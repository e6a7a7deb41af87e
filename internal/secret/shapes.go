package secret

import "strings"

// A shape is what the keys of a maker look like: a prefix that nothing else
// has, and how many characters of a class come after it.
type shape struct {
	prefix string
	class  class
	min    int
	exact  bool // no more than min; else more belong to it as well
}

// shapes are those that their makers document. Names that are public, such as
// publishable keys, are not among them.
var shapes = []shape{
	// Clouds and hosting.
	{"AKIA", upper, 16, true}, {"ASIA", upper, 16, true}, {"ABIA", upper, 16, true}, {"ACCA", upper, 16, true}, // AWS
	{"AIza", word, 35, false}, {"ya29.", dotted, 20, false}, {"GOCSPX-", word, 24, false}, {"1//0", word, 40, false}, {"GOOG1", upper, 50, false}, // Google
	{"dop_v1_", hex, 40, false}, {"doo_v1_", hex, 40, false}, {"dor_v1_", hex, 40, false}, // DigitalOcean
	{"HRKU-", word, 36, false}, {"rnd_", alphanumeric, 32, true}, {"fm2_", padded, 60, false}, {"fo1_", word, 43, false}, // Heroku, Render, Fly.io
	{"nfp_", alphanumeric, 36, false}, {"v1.0-", word, 146, false}, {"tskey-", word, 20, false}, // Netlify, Cloudflare, Tailscale
	{"sbp_", hex, 40, false}, {"sb_secret_", word, 20, false}, // Supabase
	{"pscale_tkn_", word, 32, false}, {"pscale_pw_", word, 32, false}, {"pscale_oauth_", word, 32, false}, // PlanetScale
	{"dapi", hex, 32, true}, {"dkea", hex, 32, true}, // Databricks
	{"pul-", hex, 40, true}, {"atlasv1.", word, 40, false}, // Pulumi, Terraform
	{"hvs.", word, 24, false}, {"hvb.", word, 24, false}, {"hvr.", word, 24, false}, // Vault
	{"dp.pt.", alphanumeric, 40, false}, {"dp.ct.", alphanumeric, 40, false}, {"dp.st.", dotted, 40, false},
	{"dp.sa.", alphanumeric, 40, false}, {"dp.scim.", alphanumeric, 40, false}, {"dp.audit.", alphanumeric, 40, false}, // Doppler
	{"AGE-SECRET-KEY-1", upper, 58, false}, {"ops_eyJ", word, 100, false}, // age, 1Password

	// Code and packages.
	{"ghp_", alphanumeric, 30, false}, {"gho_", alphanumeric, 30, false}, {"ghu_", alphanumeric, 30, false},
	{"ghs_", alphanumeric, 30, false}, {"ghr_", alphanumeric, 30, false}, {"github_pat_", word, 30, false}, // GitHub
	{"glpat-", word, 16, false}, {"gldt-", word, 16, false}, {"glrt-", word, 16, false}, {"glptt-", word, 16, false},
	{"glft-", word, 16, false}, {"glsoat-", word, 16, false}, {"glcbt-", word, 16, false}, {"glimt-", word, 16, false},
	{"glagent-", word, 40, false}, {"GR1348941", word, 20, false}, // GitLab
	{"ATBB", alphanumeric, 32, true}, {"ATATT3", word, 100, false}, {"ATCTT3", word, 100, false}, // Atlassian
	{"npm_", alphanumeric, 36, true}, {"pypi-AgE", word, 50, false}, {"rubygems_", hex, 48, true},
	{"CLOJARS_", alphanumeric, 60, true}, {"dckr_pat_", word, 27, false}, {"dckr_oat_", word, 27, false}, {"oy2", alphanumeric, 43, true}, // npm, PyPI, RubyGems, Clojars, Docker, NuGet
	{"bkua_", hex, 40, true}, {"CCIPAT_", dotted, 40, false}, {"CCIPRJ_", dotted, 40, false}, {"sgp_", word, 40, false}, {"pnu_", alphanumeric, 36, true}, // Buildkite, CircleCI, Sourcegraph, Prefect

	// Payments and commerce.
	{"sk_live_", word, 10, false}, {"sk_test_", word, 10, false}, {"rk_live_", word, 10, false}, {"rk_test_", word, 10, false},
	{"sk_sbox_", word, 20, false}, {"whsec_", padded, 20, false}, // Stripe and those that have followed it
	{"shpat_", hex, 32, true}, {"shpca_", hex, 32, true}, {"shppa_", hex, 32, true}, {"shpss_", hex, 32, true}, // Shopify
	{"sq0atp-", word, 22, false}, {"sq0csp-", word, 43, false}, {"EAAA", word, 60, true}, // Square
	{"access-sandbox-", word, 36, true}, {"access-production-", word, 36, true}, {"access-development-", word, 36, true}, // Plaid
	{"FLWSECK-", word, 30, false}, {"FLWSECK_TEST-", word, 12, false}, {"EZAK", alphanumeric, 54, true}, {"EZTK", alphanumeric, 54, true}, // Flutterwave, EasyPost
	{"shippo_live_", hex, 40, true}, {"shippo_test_", hex, 40, true}, {"duffel_live_", word, 40, false}, {"duffel_test_", word, 40, false}, // Shippo, Duffel

	// Messages and people.
	{"xoxb-", word, 10, false}, {"xoxp-", word, 10, false}, {"xoxa-", word, 10, false}, {"xoxo-", word, 10, false}, {"xoxr-", word, 10, false},
	{"xoxs-", word, 10, false}, {"xoxe-", word, 10, false}, {"xoxe.", dotted, 20, false}, {"xoxc-", word, 10, false}, {"xoxd-", word, 10, false}, {"xapp-", word, 10, false}, // Slack
	{"SG.", dotted, 40, false}, {"SK", hex, 32, true}, {"xkeysib-", word, 64, false}, {"xsmtpsib-", word, 64, false}, // SendGrid, Twilio, Brevo
	{"pat-na1-", word, 36, true}, {"pat-eu1-", word, 36, true}, {"tfp_", word, 40, false}, {"EAACEdEose0cBA", alphanumeric, 20, false}, // HubSpot, Typeform, Facebook

	// Models.
	{"sk-proj-", word, 20, false}, {"sk-svcacct-", word, 20, false}, {"sk-admin-", word, 20, false}, {"sk-", alphanumeric, 48, true}, // OpenAI
	{"sk-ant-", word, 24, false}, {"sk-or-v1-", hex, 40, false}, {"gsk_", alphanumeric, 40, false}, {"pplx-", alphanumeric, 40, false}, // Anthropic, OpenRouter, Groq, Perplexity
	{"xai-", alphanumeric, 60, false}, {"r8_", alphanumeric, 37, true}, {"hf_", alphanumeric, 34, true}, {"api_org_", alphanumeric, 34, true}, {"pcsk_", word, 40, false}, // xAI, Replicate, Hugging Face, Pinecone

	// Work and watching.
	{"lin_api_", alphanumeric, 32, false}, {"lin_oauth_", alphanumeric, 32, false}, {"ntn_", alphanumeric, 40, false}, {"secret_", alphanumeric, 43, true}, // Linear, Notion
	{"figd_", word, 36, false}, {"PMAK-", word, 59, false}, {"CFPAT-", word, 40, false}, {"dt0c01.", dotted, 80, false}, // Figma, Postman, Contentful, Dynatrace
	{"glc_", padded, 32, false}, {"glsa_", word, 40, false}, {"eyJrIjoi", padded, 60, false}, // Grafana
	{"NRAK-", upper, 27, true}, {"NRII-", word, 32, true}, {"NRRA-", hex, 42, true}, // New Relic
	{"sntrys_", word, 60, false}, {"sntryu_", hex, 64, true}, // Sentry

	{"LS0tLS1CRUdJTi", padded, 40, false},               // a private key, or another PEM block, in base64
	{"hooks.slack.com/services/T", padded, 20, false},   // addresses that whoever knows them may post to
	{"discord.com/api/webhooks/", bearer, 40, false},    //
	{"discordapp.com/api/webhooks/", bearer, 40, false}, //
}

// byStart has the shapes by the first character of their prefixes, starts a bit
// for each first two: hardly any word that is no secret begins so.
var (
	byStart [256][]*shape
	starts  [1 << 16 / 8]uint8
)

func init() {
	for i := range shapes {
		s := &shapes[i]
		byStart[s.prefix[0]] = append(byStart[s.prefix[0]], s)
		starts[int(s.prefix[0])<<5|int(s.prefix[1])>>3] |= 1 << (s.prefix[1] & 7)
	}
}

// begins reports whether s may begin with the prefix of a shape, or as a JSON
// Web Token does.
func begins(s string) bool {
	return len(s) > 1 && starts[int(s[0])<<5|int(s[1])>>3]>>(s[1]&7)&1 != 0
}

// shaped returns the end of the key or token that begins at i, or 0.
func (f *finder) shaped(i int) int {
	s := f.s[i:]
	if !begins(s) {
		return 0
	}
	for _, shape := range byStart[s[0]] {
		if !strings.HasPrefix(s, shape.prefix) {
			continue
		}
		if end := f.filled(shape, i+len(shape.prefix)); end > 0 && hasRun(f.s[i:end]) && mixed(f.s[i+len(shape.prefix):end]) {
			return end
		}
	}
	if s[0] == 'e' && strings.HasPrefix(s, "eyJ") {
		return f.jwt(i)
	}
	return 0
}

func (f *finder) filled(shape *shape, i int) int {
	if count(f.s[i:min(i+shape.min, len(f.s))], shape.class) < shape.min {
		return 0
	}
	if !shape.exact {
		return f.end(shape.class, i)
	}
	i += shape.min
	if i < len(f.s) && alphanumeric.has(f.s[i]) {
		return 0
	}
	return i
}

// mixed reports whether s has not small letters only, as slugs have: "sk-proj-and-so-on".
func mixed(s string) bool {
	for i := range min(len(s), 40) {
		if upper.has(s[i]) {
			return true
		}
	}
	return false
}

// jwt returns the end of the JSON Web Token, signed or encrypted, that begins
// at i: texts in base64 between dots, the first of them a JSON object. What has
// no dot is rather a cursor.
func (f *finder) jwt(i int) int {
	header := f.end(word, i)
	if header-i < 16 || header+1 >= len(f.s) || f.s[header] != '.' {
		return 0
	}
	if end := f.end(dotted, i); end-header > 8 {
		return end
	}
	return 0
}
