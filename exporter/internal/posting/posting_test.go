package posting_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/activitylog-go/activitylog/exporter/internal/posting"
)

// TestBlocks writes a chunk of random postings and looks up each term.
func TestBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	const chunk = 7
	want := map[posting.Term][]int64{}
	var postings []posting.Posting
	for place := range int64(posting.ChunkSize) {
		pos := chunk*posting.ChunkSize + place
		terms := []posting.Term{posting.Text("a", fmt.Sprint(r.IntN(50))), posting.Text("b", fmt.Sprint(pos)), posting.Number("n", r.IntN(3))}
		for _, term := range append(terms, terms[0]) { // one of them twice
			postings = append(postings, posting.New(term, pos))
		}
		for _, term := range terms {
			want[term] = append(want[term], pos)
		}
	}
	r.Shuffle(len(postings), func(i, j int) { postings[i], postings[j] = postings[j], postings[i] })
	blocks := map[int][]byte{}
	posting.Blocks(postings, func(part int, block []byte) { blocks[part] = block })
	if len(blocks) > posting.Parts {
		t.Errorf("%d blocks", len(blocks))
	}
	for term, pos := range want {
		var places posting.Places
		err := posting.Decode(blocks[term.Part()], func(low uint32) bool { return low == uint32(term) }, &places)
		if got := places.AppendTo(nil, chunk); err != nil || !slices.Equal(got, pos) {
			t.Fatalf("term %x is at %v, %v, want %v", term, got, err, pos)
		}
	}
}

// FuzzDecode checks that a damaged block is an error and never a panic.
func FuzzDecode(f *testing.F) {
	posting.Blocks([]posting.Posting{posting.New(posting.Text("a", "b"), 1), posting.New(posting.Text("a", "b"), 4095)},
		func(_ int, block []byte) { f.Add(block) })
	f.Add([]byte{1, 2, 3, 4, 0xff})
	f.Fuzz(func(t *testing.T, block []byte) {
		var places posting.Places
		if err := posting.Decode(block, func(uint32) bool { return true }, &places); err != nil && !errors.Is(err, posting.ErrBlock) {
			t.Fatal(err)
		}
	})
}
