// Package secrettest makes secrets up, for the tests of those who must not
// show any. They have the shape of real ones and open nothing. Prefixes are
// put together here, so that nobody who scans this source for secrets is led
// to believe that it has some.
package secrettest

import (
	"encoding/base64"
	"math/rand/v2"
	"strings"
)

// A Fake is a secret that is made up.
type Fake struct {
	Kind   string
	Secret string // which must not be shown
	Text   string // by which it can be recognised: Secret itself, or what tells of it
}

// Sets of characters.
const (
	digits = "0123456789"
	hex    = digits + "abcdef"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + digits
	alnum  = upper + "abcdefghijklmnopqrstuvwxyz"
	word   = alnum + "_-"
)

// Fakes returns a secret of each kind that a value gives away. The same seed
// makes the same secrets.
func Fakes(seed uint64) []Fake {
	m := maker{rand.New(rand.NewPCG(seed, 1))}
	return append(m.keys(), m.others()...)
}

type maker struct{ random *rand.Rand }

// chars returns n characters of a set, a digit and a letter among the first.
func (m maker) chars(set string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = set[m.random.IntN(len(set))]
	}
	if n > 1 {
		b[0], b[1] = 'A', '7'
		if set == hex {
			b[0] = 'a'
		}
	}
	return string(b)
}

// keys returns keys and tokens of many makers: a prefix in parts, and a number
// of characters of a set.
func (m maker) keys() []Fake {
	var fakes []Fake
	for _, k := range []struct {
		kind, parts string
		set         string
		n           int
	}{
		{"AWS access key", "AK IA", upper, 16}, {"AWS temporary key", "AS IA", upper, 16},
		{"Google API key", "AI za", word, 35}, {"Google access token", "ya 29.", word, 60}, {"Google client secret", "GOCS PX-", word, 28},
		{"Google refresh token", "1/ /0", word, 60}, {"Google HMAC key", "GOO G1", upper, 57},
		{"DigitalOcean token", "dop _v1_", hex, 64}, {"DigitalOcean OAuth token", "doo _v1_", hex, 64}, {"DigitalOcean refresh token", "dor _v1_", hex, 64},
		{"Netlify token", "nf p_", alnum, 36}, {"Tailscale key", "ts key-auth-", alnum, 30}, {"Supabase token", "sb p_", hex, 40}, {"Supabase key", "sb _secret_", word, 31},
		{"PlanetScale password", "pscale _pw_", word, 43}, {"PlanetScale token", "pscale _tkn_", word, 43}, {"Databricks token", "da pi", hex, 32},
		{"Pulumi token", "pu l-", hex, 40}, {"Vault token", "hv s.", word, 90}, {"Vault batch token", "hv b.", word, 130},
		{"Doppler token", "dp .pt.", alnum, 43}, {"Doppler CLI token", "dp .ct.", alnum, 43}, {"age key", "AGE- SECRET-KEY-1", upper, 58},
		{"Render key", "rn d_", alnum, 32}, {"Heroku key", "HR KU-", word, 60}, {"Fly.io token", "fo 1_", word, 43},
		{"GitHub token", "gh p_", alnum, 36}, {"GitHub OAuth token", "gh o_", alnum, 36}, {"GitHub user token", "gh u_", alnum, 36},
		{"GitHub server token", "gh s_", alnum, 36}, {"GitHub refresh token", "gh r_", alnum, 36}, {"GitHub fine-grained token", "github _pat_", alnum, 82},
		{"GitLab token", "gl pat-", word, 20}, {"GitLab deploy token", "gl dt-", word, 20}, {"GitLab runner token", "gl rt-", word, 20}, {"GitLab trigger", "gl ptt-", hex, 40},
		{"Bitbucket password", "AT BB", alnum, 32}, {"Atlassian token", "ATA TT3", word, 180}, {"npm token", "np m_", alnum, 36}, {"PyPI token", "py pi-AgEIcHlwaS5vcmc", word, 80},
		{"RubyGems key", "ruby gems_", hex, 48}, {"Clojars token", "CLO JARS_", hex, 60}, {"Docker token", "dckr _pat_", word, 27}, {"NuGet key", "oy 2", alnum, 43},
		{"Buildkite token", "bk ua_", hex, 40}, {"Sourcegraph token", "sg p_", hex, 40}, {"Prefect key", "pn u_", alnum, 36},
		{"Stripe key", "sk _live_", alnum, 24}, {"Stripe test key", "sk _test_", alnum, 24}, {"Stripe restricted key", "rk _live_", alnum, 24}, {"webhook secret", "wh sec_", alnum, 32},
		{"Shopify token", "shp at_", hex, 32}, {"Shopify app token", "shp ca_", hex, 32}, {"Shopify secret", "shp ss_", hex, 32}, {"Square token", "EA AA", word, 60}, {"Square secret", "sq0 csp-", word, 43},
		{"Plaid token", "access- production-", hex, 36}, {"Flutterwave key", "FLW SECK-", hex, 32}, {"EasyPost key", "EZ AK", alnum, 54}, {"Shippo key", "shippo _live_", hex, 40}, {"Duffel key", "duffel _live_", word, 43},
		{"Slack bot token", "xo xb-", alnum, 50}, {"Slack user token", "xo xp-", alnum, 60}, {"Slack app token", "xa pp-", alnum, 60}, {"Slack session", "xo xc-", alnum, 60},
		{"Slack webhook", "https://hooks. slack.com/services/T", alnum, 40}, {"Twilio key", "S K", hex, 32}, {"Brevo key", "xkeys ib-", hex, 64}, {"HubSpot token", "pat- na1-", hex, 36}, {"Typeform token", "tf p_", word, 44},
		{"OpenAI key", "sk -proj-", word, 60}, {"OpenAI old key", "sk -", alnum, 48}, {"Anthropic key", "sk- ant-api03-", word, 90}, {"OpenRouter key", "sk- or-v1-", hex, 64}, {"Groq key", "gs k_", alnum, 52},
		{"Perplexity key", "pp lx-", alnum, 48}, {"xAI key", "xa i-", alnum, 80}, {"Replicate token", "r 8_", alnum, 37}, {"Hugging Face token", "h f_", alnum, 34}, {"Pinecone key", "pc sk_", word, 60},
		{"Discord webhook", "https://discord. com/api/webhooks/1049583726150483920/", word, 68}, {"private key in base64", "LS0t LS1CRUdJTi", alnum, 90},
		{"Linear key", "lin _api_", alnum, 40}, {"Notion token", "nt n_", alnum, 46}, {"Notion secret", "sec ret_", alnum, 43}, {"Figma token", "fi gd_", word, 40}, {"Postman key", "PM AK-", hex, 59}, {"Contentful token", "CF PAT-", word, 43},
		{"Grafana token", "gl sa_", alnum, 41}, {"Grafana Cloud token", "gl c_", alnum, 80}, {"New Relic key", "NR AK-", upper, 27}, {"Sentry token", "sntr yu_", hex, 64},
	} {
		s := strings.ReplaceAll(k.parts, " ", "") + m.chars(k.set, k.n)
		fakes = append(fakes, Fake{k.kind, s, s})
	}
	sendGrid := "S" + "G." + m.chars(word, 22) + "." + m.chars(word, 43)
	return append(fakes, Fake{"SendGrid key", sendGrid, sendGrid})
}

// others returns secrets that no prefix of a maker tells.
func (m maker) others() []Fake {
	plain := func(kind, s string) Fake { return Fake{kind, s, s} }
	told := func(kind, before, s, after string) Fake { return Fake{kind, s, before + s + after} }
	token := func() string { return m.chars(alnum, 24) }
	jwt := "ey" + "JhbGciOiJIUzI1NiJ9." + "ey" + "J" + m.chars(alnum, 30) + "." + m.chars(word, 43)
	jwe := "ey" + "JhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0.." + m.chars(word, 16) + "." + m.chars(word, 60) + "." + m.chars(word, 22)
	fakes := []Fake{
		plain("JWT", jwt), plain("JWE", jwe), told("bearer token", "Bearer ", token(), ""),
		told("basic authentication", "Basic ", base64.StdEncoding.EncodeToString([]byte("ann:"+token())), ""),
		told("Authorization header", "Authorization: Bearer ", token(), ""), told("API key header", "X-Api-Key: ", token(), ""),
		told("cookie", "Cookie: session=", token(), ""), told("password in a query", "/login?password=", token(), "&next=1"),
		told("password in JSON", `{"password": "`, "Correct horse "+token(), `"}`), told("token in JSON", `{"id": 7, "access_token":"`, token(), `"}`),
		told("escaped JSON", `{\"client_secret\":\"`, token(), `\"}`), told("AWS secret key", "aws_secret_access_key = ", m.chars(word, 40), ""),
		told("Azure account key", "AccountName=a;AccountKey=", m.chars(alnum, 86)+"==", ";"), told("Azure signature", "https://a.example/?sv=2024&sig=", m.chars(alnum, 43), "&se=1"),
		told("S3 signature", "https://b.example/o?X-Amz-Signature=", m.chars(hex, 64), ""), told("password of a database", "postgres://app:", token(), "@db:5432/app"),
		told("user and password of a URL", "https://", "ann:"+token(), "@example.com/x"), told("token of a URL", "https://", token(), "@example.com/x.git"),
		told("connection string", "Server=db;User Id=app;Password=", token(), ";"), told("password in Go", "{User:ann Password:", token(), "}"),
		told("password in YAML", "password: ", token(), "\n"), told("password in Python", "{'password': '", token(), "'}"), told("one-time code", "otp=", "482913", ""),
		told("PIN", "pin: ", "48291", ""), told("card verification code", `{"cvv":"`, "9174", `"}`),
	}
	for _, label := range []string{"RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", ""} {
		begin, end := "-----BEG"+"IN "+label+"PRIVATE KEY-----", "-----END "+label+"PRIVATE KEY-----"
		body := m.chars(alnum, 64) + "\n" + m.chars(alnum, 64)
		fakes = append(fakes, Fake{label + "private key", body[:64], begin + "\n" + body + "\n" + end})
	}
	for _, c := range []struct {
		brand, begin string
		length       int
	}{{"Visa", "4", 16}, {"Mastercard", "53", 16}, {"Mastercard 2", "2345", 16}, {"American Express", "37", 15}, {"Discover", "6011", 16}, {"JCB", "3530", 16}, {"UnionPay", "62", 16}, {"Diners", "36", 14}} {
		fakes = append(fakes, plain(c.brand+" card", m.card(c.begin, c.length)))
	}
	visa := m.card("4", 16)
	spaced := visa[:4] + " " + visa[4:8] + " " + visa[8:12] + " " + visa[12:]
	return append(fakes, plain("card with spaces", spaced), plain("card with dashes", strings.ReplaceAll(m.spaced(), " ", "-")))
}

func (m maker) spaced() string {
	n := m.card("55", 16)
	return n[:4] + " " + n[4:8] + " " + n[8:12] + " " + n[12:]
}

// card returns a number with a valid check digit.
func (m maker) card(begin string, length int) string {
	b := []byte(begin)
	for len(b) < length-1 {
		b = append(b, digits[m.random.IntN(10)])
	}
	sum := 0
	for i := range b {
		d := int(b[len(b)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return string(append(b, byte('0'+(10-sum%10)%10)))
}
