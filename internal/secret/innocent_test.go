package secret_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/activitylog-go/activitylog/internal/secret"
)

// TestInnocent has a great many of what an event is made of: nothing of it may
// be taken for a secret.
func TestInnocent(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var chacha [32]byte
	source := rand.NewChaCha8(chacha)
	read := func(n int) []byte {
		b := make([]byte, n)
		source.Read(b)
		return b
	}
	const ulid = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	chars := func(set string, n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = set[random.IntN(len(set))]
		}
		return string(b)
	}
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func() time.Time { return start.Add(time.Duration(random.Int64N(int64(5 * 365 * 24 * time.Hour)))) }
	const twitter, discord = 1288834974657, 1420070400000
	ids := map[string]func() string{
		"UUID 4":              func() string { return uuid.Must(uuid.FromBytes(read(16))).String() },
		"UUID 7":              func() string { return uuid.Must(uuid.NewV7()).String() },
		"UUID without dashes": func() string { return hex.EncodeToString(read(16)) },
		"ULID":                func() string { return "01" + chars(ulid, 24) },
		"KSUID": func() string {
			return "2" + chars("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 26)
		},
		"nano id":            func() string { return chars("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-", 21) },
		"object id":          func() string { return hex.EncodeToString(read(12)) },
		"snowflake, Twitter": func() string { return strconv.FormatInt((at().UnixMilli()-twitter)<<22|random.Int64N(1<<22), 10) },
		"snowflake, Discord": func() string { return strconv.FormatInt((at().UnixMilli()-discord)<<22|random.Int64N(1<<22), 10) },
		"serial number":      func() string { return strconv.FormatInt(random.Int64N(1e12), 10) },
		"random 63 bits":     func() string { return strconv.FormatInt(random.Int64N(1<<62)+1<<60, 10) },
		"seconds":            func() string { return strconv.FormatInt(at().Unix(), 10) },
		"milliseconds":       func() string { return strconv.FormatInt(at().UnixMilli(), 10) },
		"microseconds":       func() string { return strconv.FormatInt(at().UnixMicro(), 10) },
		"nanoseconds":        func() string { return strconv.FormatInt(at().UnixNano(), 10) },
		"time":               func() string { return at().Format(time.RFC3339Nano) },
		"compact time":       func() string { return at().Format("20060102150405") },
		"git hash":           func() string { return hex.EncodeToString(read(20)) },
		"SHA-256":            func() string { return "sha256:" + hex.EncodeToString(read(32)) },
		"fingerprint":        func() string { return `"hmac-sha256:` + hex.EncodeToString(read(32)) + `"` },
		"subresource":        func() string { return "sha512-" + base64.StdEncoding.EncodeToString(read(64)) },
		"trace":              func() string { return "00-" + hex.EncodeToString(read(16)) + "-" + hex.EncodeToString(read(8)) + "-01" },
		"span":               func() string { return hex.EncodeToString(read(8))[1:] }, // of digits alone it may well be a card
		"IPv6": func() string {
			b := hex.EncodeToString(read(16))
			return "2001:" + b[4:8] + ":" + b[8:12] + "::" + b[12:16]
		},
		"money": func() string {
			return fmt.Sprintf(`{"amount":"%d.%02d","currency":"EUR"}`, random.IntN(1e9), random.IntN(100))
		},
		"fraction": func() string { return strconv.FormatFloat(random.Float64(), 'f', -1, 64) },
		"IBAN":     func() string { return "DE" + chars("0123456789", 20) },
		"IBAN with spaces": func() string {
			return fmt.Sprintf("DE%02d %04d %04d %04d %04d %02d", random.IntN(99), random.IntN(9999), random.IntN(9999), random.IntN(9999), random.IntN(9999), random.IntN(99))
		},
		"telephone": func() string { return fmt.Sprintf("+49 %d %d", 100+random.IntN(900), random.IntN(1e8)) },
		"slug":      func() string { return "how-to-" + chars("abcdefghijklmnopqrstuvwxyz-", 50) },
		"cursor": func() string {
			return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"id":%d,"t":%d}`, random.IntN(1e9), at().Unix()))
		},
		"random base64": func() string { return base64.StdEncoding.EncodeToString(read(24)) },
		"ETag":          func() string { return `W/"` + hex.EncodeToString(read(16)) + `"` },
	}
	kept := func(kind, s string) bool {
		got, n := secret.Redact(s)
		if n > 0 || got != s {
			t.Errorf("%s: %q becomes %q", kind, s, got)
		}
		return n == 0
	}
	around := []string{"%s", "usr_%s", "/v1/orgs/%s/members", "Ann Lee deleted invoice %s at last", `{"id":"%s","state":"open"}`, "id=%s&page=2", "urn:item:%s"}
	for kind, next := range ids {
		for range 12_000 {
			if id := next(); !kept(kind, id) {
				break
			}
		}
		for _, text := range around {
			for range 500 {
				if !kept(kind, fmt.Sprintf(text, next())) {
					break
				}
			}
		}
	}
	for _, s := range innocents {
		kept("text", s)
	}
}

var innocents = []string{
	"Ann Lee changed role of Bob Ito from viewer to admin",
	"Ann Lee changed the password of Bob Ito", "Password: changed by Ann Lee", "password reset requested", "Reset password (2 attempts left)",
	"invalid password: must have 12 characters, with 1 digit", "token: expired", "token expired at 2026-11-23T16:44:00Z", "missing authorization", "authorization: insufficient scope",
	"the bearer of this letter is Ann Lee of 12 High Street", "Basic plan, 12 seats", "Basic information-about-the-plan", "Bearer token authentication is required here", "secret: none", "API key rotated", "api_key:created", "org.api_key:updated", "org.token:created_2fa", "user.password:reset",
	"Key: value", "primary key=12345678", "foreign_key=a1b2c3d4e5", "page_token=a1b2c3d4e5f6", "nextToken: a1b2c3d4e5f6", "tokens=512", "max_tokens: 4096", "pinned: 12345", "shopping: 1234567", "token_id=tok_a1b2c3d4", "password_changed_at=2026-11-23", "cookie policy accepted", "cookies: enabled",
	"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "curl/8.16.0", "Go-http-client/2.0", "python-requests/2.32.5", "PostmanRuntime/7.49.0", "kube-probe/1.34", "grpc-go/1.76.0",
	"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "okhttp/5.2.1 (Android 16; SM-S938B Build/BP2A.250605.031.A3)",
	"/api/v1/orgs/{org}/actions/secrets/{secretname}", "/repos/acme/site/keys/12345678", "/v2/users/ann@example.com/tokens", "/namespaces/kube-system/serviceaccounts/default/token", "/2024/11/23/how-we-rebuilt-our-activity-log-in-a-week", "/app/installations/45017423/access_tokens",
	"https://example.com:8443/a/b?c=d#e", "http://[2001:db8::1]:8080/x", "https://example.com/@ann/posts", "git@github.com:acme/site.git", "ssh://git@github.com/acme/site.git", "mailto:ann@example.com", "s3://bucket/key@v2", "redis://localhost:6379/0",
	"pk_live_51H8xYzABCDEFGHIJKLMNOPQR", "sk-learn-is-a-machine-learning-library-for-python", "skip_live_reload_of_the_page", "npm_config_registry_is_set_to_the_default_value", "ghp_", "xoxo, Ann", "SG.1", "AKIA", "eyJhbGci", "dapifoo", "hvs.example.com", "EAAA", "key-value-store-with-a-long-name",
	"-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ0vJ1m2Yq8u0fYxq2QH3pZl4m9kwCgYIKoZIzj0EAwIw\n-----END CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEq7BFUpkGp3\n-----END PUBLIC KEY-----",
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ann@host",
	"1 234 567 890 123 456", "2026-11-23 16:44:00.123456789", "1.2.3.4, 5.6.7.8", "4111 items, 1111 left", "+1 (555) 010-9999", "DE89 3704 0044 0532 0130 00", "978-3-16-148410-0", "12345678-1234-1234-1234-123456789012", "100% of 50%", `C:\new\table\files`, "a=b=c", "::1", "====", "%", `\`,
	"context deadline exceeded (Client.Timeout exceeded while awaiting headers)", `pq: duplicate key value violates unique constraint "users_email_key"`, `invalid character '}' looking for beginning of value`, "rpc error: code = Unavailable desc = connection refused",
}

// TestInnocentPrefixes cuts the sentences and repeats them: what is cut anywhere is
// still no secret.
func TestInnocentPrefixes(t *testing.T) {
	for _, s := range innocents {
		for i := range len(s) {
			for _, part := range []string{s[:i], s[:i] + "; " + s[:i]} {
				if got, n := secret.Redact(part); n > 0 {
					t.Fatalf("%q becomes %q", part, got)
				}
			}
		}
	}
}
