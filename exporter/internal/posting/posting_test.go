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
		err := posting.Decode(chunk0(blocks[term.Part()]), func(low uint32) bool { return low == uint32(term) }, places.Add)
		if got := places.AppendTo(nil, chunk); err != nil || !slices.Equal(got, pos) {
			t.Fatalf("term %x is at %v, %v, want %v", term, got, err, pos)
		}
	}
}

func chunk0(data []byte) posting.Block { return posting.Block{Size: posting.ChunkSize, Data: data} }

// lookUp returns the places that a block has for a term.
func lookUp(block []byte, low uint32) ([]int64, error) {
	var found posting.Places
	err := posting.Decode(chunk0(block), func(l uint32) bool { return l == low }, found.Add)
	return found.AppendTo(nil, 0), err
}

// TestCut reads blocks that end too early.
func TestCut(t *testing.T) {
	block := posting.Encode([]posting.Posting{posting.New(1, 4000), posting.New(1, 4095)})
	for n := 1; n < len(block); n++ {
		for _, low := range []uint32{1, 2} {
			if _, err := lookUp(block[:n], low); !errors.Is(err, posting.ErrBlock) {
				t.Errorf("a block cut after %d bytes is read for term %d: %v", n, low, err)
			}
		}
	}
	if got, err := lookUp(block, 1); err != nil || !slices.Equal(got, []int64{4000, 4095}) {
		t.Errorf("term 1 is at %v, %v", got, err)
	}
	if got, err := lookUp(block, 2); err != nil || len(got) != 0 {
		t.Errorf("a term that is not there is at %v, %v", got, err)
	}
	if all, err := posting.All(nil, chunk0(block), 0, 0); err != nil || len(all) != 2 || all[1].Place() != 4095 || all[1].Term() != 1 {
		t.Errorf("all postings are %v, %v", all, err)
	}
}

// FuzzDecode checks that a damaged block is an error and never a panic.
func FuzzDecode(f *testing.F) {
	posting.Blocks([]posting.Posting{posting.New(posting.Text("a", "b"), 1), posting.New(posting.Text("a", "b"), 4095)},
		func(_ int, block []byte) { f.Add(block) })
	f.Add([]byte{1, 2, 3, 4, 0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		var places posting.Places
		if err := posting.Decode(chunk0(data), func(uint32) bool { return true }, places.Add); err != nil && !errors.Is(err, posting.ErrBlock) {
			t.Fatal(err)
		}
	})
}

// TestMerged finds the terms of several chunks whose blocks were merged, in the
// chunks that are asked for.
func TestMerged(t *testing.T) {
	const chunks, common, rare = 5, 40, 3 * posting.ChunkSize / 2
	term := func(text string) posting.Term { return posting.Text("a", text) }
	parts := make([][]posting.Posting, posting.Parts)
	for chunk := range int64(chunks) {
		var postings []posting.Posting
		for pos := chunk * posting.ChunkSize; pos < (chunk+1)*posting.ChunkSize; pos++ {
			postings = append(postings, posting.New(term(fmt.Sprint("common", pos%common)), pos), posting.New(term(fmt.Sprint(pos)), pos))
		}
		posting.Blocks(postings, func(part int, data []byte) {
			b := posting.Block{First: chunk * posting.ChunkSize, Size: posting.ChunkSize, Data: data}
			var err error
			if parts[part], err = posting.All(parts[part], b, part, 0); err != nil {
				t.Fatal(err)
			}
		})
	}
	merged := map[[2]int][]byte{}
	for part, postings := range parts {
		posting.SubBlocks(postings, func(sub int, data []byte) { merged[[2]int{part, sub}] = data })
	}
	read := func(terms []posting.Term, _ []int64, yield func(posting.Block) error) error {
		for _, t := range terms {
			if err := yield(posting.Block{Size: chunks * posting.ChunkSize, Data: merged[[2]int{t.Part(), t.Sub()}]}); err != nil {
				return err
			}
		}
		return nil
	}
	for text, want := range map[string]int{"common1": 2 * (posting.ChunkSize + common/2) / common, fmt.Sprint(rare): 1, fmt.Sprint(4 * posting.ChunkSize): 0, "none": 0} {
		pos, err := posting.Find([][]posting.Term{{term(text)}}, []int64{1, 2}, read)
		if err != nil || len(pos) != want {
			t.Errorf("%s: found %d, %v, want %d", text, len(pos), err, want)
		}
		for _, p := range pos {
			if p < posting.ChunkSize || p >= 3*posting.ChunkSize {
				t.Errorf("%s: found %d, which is in another chunk", text, p)
			}
		}
	}
}
