package secret

import "strings"

// A shape is what keys of a maker look like: a prefix that nothing else has,
// and how many characters of a class come after it.
type shape struct {
	prefix string // in the table several, apart by spaces
	class  class
	min    int
	exact  bool // no more than min; else more belong to it as well
}

const (
	exactly = true
	atLeast = false
)

// shapes are those that their makers document. Names that are public, such as
// publishable keys, are not among them.
var shapes = each([]shape{
	// Clouds and hosting.
	{"AKIA ASIA ABIA ACCA", upper, 16, exactly},                            // AWS
	{"AIza", word, 35, atLeast},                                            // Google
	{"ya29.", dotted, 20, atLeast},                                         // Google
	{"GOCSPX-", word, 24, atLeast},                                         // Google
	{"1//0", word, 40, atLeast},                                            // Google
	{"GOOG1", upper, 50, atLeast},                                          // Google
	{"dop_v1_ doo_v1_ dor_v1_", hex, 40, atLeast},                          // DigitalOcean
	{"HRKU-", word, 36, atLeast},                                           // Heroku
	{"rnd_", alphanumeric, 32, exactly},                                    // Render
	{"fm2_", padded, 60, atLeast},                                          // Fly.io
	{"fo1_", word, 43, atLeast},                                            // Fly.io
	{"nfp_", alphanumeric, 36, atLeast},                                    // Netlify
	{"v1.0-", word, 146, atLeast},                                          // Cloudflare
	{"tskey-", word, 20, atLeast},                                          // Tailscale
	{"sbp_", hex, 40, atLeast},                                             // Supabase
	{"sb_secret_", word, 20, atLeast},                                      // Supabase
	{"pscale_tkn_ pscale_pw_ pscale_oauth_", word, 32, atLeast},            // PlanetScale
	{"dapi dkea", hex, 32, exactly},                                        // Databricks
	{"pul-", hex, 40, exactly},                                             // Pulumi
	{"atlasv1.", word, 40, atLeast},                                        // Terraform
	{"hvs. hvb. hvr.", word, 24, atLeast},                                  // Vault
	{"dp.pt. dp.ct. dp.sa. dp.scim. dp.audit.", alphanumeric, 40, atLeast}, // Doppler
	{"dp.st.", dotted, 40, atLeast},                                        // Doppler
	{"AGE-SECRET-KEY-1", upper, 58, atLeast},                               // age
	{"ops_eyJ", word, 100, atLeast},                                        // 1Password

	// Code and packages.
	{"ghp_ gho_ ghu_ ghs_ ghr_", alphanumeric, 30, atLeast},                      // GitHub
	{"github_pat_", word, 30, atLeast},                                           // GitHub
	{"glpat- gldt- glrt- glptt- glft- glsoat- glcbt- glimt-", word, 16, atLeast}, // GitLab
	{"glagent-", word, 40, atLeast},                                              // GitLab
	{"GR1348941", word, 20, atLeast},                                             // GitLab
	{"ATBB", alphanumeric, 32, exactly},                                          // Atlassian
	{"ATATT3 ATCTT3", word, 100, atLeast},                                        // Atlassian
	{"npm_", alphanumeric, 36, exactly},                                          // npm
	{"pypi-AgE", word, 50, atLeast},                                              // PyPI
	{"rubygems_", hex, 48, exactly},                                              // RubyGems
	{"CLOJARS_", alphanumeric, 60, exactly},                                      // Clojars
	{"dckr_pat_ dckr_oat_", word, 27, atLeast},                                   // Docker
	{"oy2", alphanumeric, 43, exactly},                                           // NuGet
	{"bkua_", hex, 40, exactly},                                                  // Buildkite
	{"CCIPAT_ CCIPRJ_", dotted, 40, atLeast},                                     // CircleCI
	{"sgp_", word, 40, atLeast},                                                  // Sourcegraph
	{"pnu_", alphanumeric, 36, exactly},                                          // Prefect

	// Payments and commerce.
	{"sk_live_ sk_test_ rk_live_ rk_test_", word, 10, atLeast},                    // Stripe and its followers
	{"sk_sbox_", word, 20, atLeast},                                               // Stripe and its followers
	{"whsec_", padded, 20, atLeast},                                               // Stripe and its followers
	{"shpat_ shpca_ shppa_ shpss_", hex, 32, exactly},                             // Shopify
	{"sq0atp-", word, 22, atLeast},                                                // Square
	{"sq0csp-", word, 43, atLeast},                                                // Square
	{"EAAA", word, 60, exactly},                                                   // Square
	{"access-sandbox- access-production- access-development-", word, 36, exactly}, // Plaid
	{"FLWSECK-", word, 30, atLeast},                                               // Flutterwave
	{"FLWSECK_TEST-", word, 12, atLeast},                                          // Flutterwave
	{"EZAK EZTK", alphanumeric, 54, exactly},                                      // EasyPost
	{"shippo_live_ shippo_test_", hex, 40, exactly},                               // Shippo
	{"duffel_live_ duffel_test_", word, 40, atLeast},                              // Duffel

	// Messages and people.
	{"xoxb- xoxp- xoxa- xoxo- xoxr- xoxs- xoxe- xoxc- xoxd- xapp-", word, 10, atLeast}, // Slack
	{"xoxe.", dotted, 20, atLeast},                // Slack
	{"SG.", dotted, 40, atLeast},                  // SendGrid
	{"SK", hex, 32, exactly},                      // Twilio
	{"xkeysib- xsmtpsib-", word, 64, atLeast},     // Brevo
	{"pat-na1- pat-eu1-", word, 36, exactly},      // HubSpot
	{"tfp_", word, 40, atLeast},                   // Typeform
	{"EAACEdEose0cBA", alphanumeric, 20, atLeast}, // Facebook

	// Models.
	{"sk-proj- sk-svcacct- sk-admin-", word, 20, atLeast}, // OpenAI
	{"sk-", alphanumeric, 48, exactly},                    // OpenAI
	{"sk-ant-", word, 24, atLeast},                        // Anthropic
	{"sk-or-v1-", hex, 40, atLeast},                       // OpenRouter
	{"gsk_", alphanumeric, 40, atLeast},                   // Groq
	{"pplx-", alphanumeric, 40, atLeast},                  // Perplexity
	{"xai-", alphanumeric, 60, atLeast},                   // xAI
	{"r8_", alphanumeric, 37, exactly},                    // Replicate
	{"hf_ api_org_", alphanumeric, 34, exactly},           // Hugging Face
	{"pcsk_", word, 40, atLeast},                          // Pinecone

	// Work and watching.
	{"lin_api_ lin_oauth_", alphanumeric, 32, atLeast}, // Linear
	{"ntn_", alphanumeric, 40, atLeast},                // Notion
	{"secret_", alphanumeric, 43, exactly},             // Notion
	{"figd_", word, 36, atLeast},                       // Figma
	{"PMAK-", word, 59, atLeast},                       // Postman
	{"CFPAT-", word, 40, atLeast},                      // Contentful
	{"dt0c01.", dotted, 80, atLeast},                   // Dynatrace
	{"glc_", padded, 32, atLeast},                      // Grafana
	{"glsa_", word, 40, atLeast},                       // Grafana
	{"eyJrIjoi", padded, 60, atLeast},                  // Grafana
	{"NRAK-", upper, 27, exactly},                      // New Relic
	{"NRII-", word, 32, exactly},                       // New Relic
	{"NRRA-", hex, 42, exactly},                        // New Relic
	{"sntrys_", word, 60, atLeast},                     // Sentry
	{"sntryu_", hex, 64, exactly},                      // Sentry

	// What is no maker's own.
	{"LS0tLS1CRUdJTi", padded, 40, atLeast},                                         // a PEM block in base64
	{"hooks.slack.com/services/T", padded, 20, atLeast},                             // addresses to post to
	{"discord.com/api/webhooks/ discordapp.com/api/webhooks/", bearer, 40, atLeast}, // addresses to post to
})

// each returns a shape for each of the prefixes.
func each(table []shape) (all []shape) {
	for _, s := range table {
		for prefix := range strings.FieldsSeq(s.prefix) {
			s.prefix = prefix
			all = append(all, s)
		}
	}
	return all
}
