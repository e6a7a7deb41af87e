package query_test

import (
	"testing"
	"time"

	"github.com/activitylog-go/activitylog/query"
)

func TestParseDuration(t *testing.T) {
	tests := []struct {
		text string
		want time.Duration // 0 if it is none
	}{
		{"90d", 90 * 24 * time.Hour},
		{"2w", 14 * 24 * time.Hour},
		{"1w2d3h4m5s", 9*24*time.Hour + 3*time.Hour + 4*time.Minute + 5*time.Second},
		{"", 0},
		{"0d", 0},
		{"-1d", 0},
		{"1.5d", 0},
		{"1y", 0},
		{"3h1d", 0}, // the larger unit comes first
		{"9999999999999d", 0},
	}
	for _, tt := range tests {
		got, err := query.ParseDuration(tt.text)
		if got != tt.want || (err == nil) != (tt.want > 0) {
			t.Errorf("ParseDuration(%q) = %v, %v, want %v", tt.text, got, err, tt.want)
		}
	}
}
