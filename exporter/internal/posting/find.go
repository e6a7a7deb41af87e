package posting

import (
	"cmp"
	"slices"
)

// A Reader calls yield with the blocks that have what chunks have of terms, all
// of which are in one part.
type Reader func(terms []Term, chunks []int64, yield func(Block) error) error

// Find returns the pos of the events in chunks that have a term of each set, and
// of some that do not.
func Find(sets [][]Term, chunks []int64, read Reader) ([]int64, error) {
	var all map[int64]*Places
	for _, set := range sets {
		these, err := either(set, chunks, read)
		if err != nil {
			return nil, err
		}
		chunks = nil
		for chunk, places := range these {
			if all == nil || places.Intersect(all[chunk]) {
				chunks = append(chunks, chunk)
			}
		}
		all = these
	}
	var pos []int64
	for _, chunk := range chunks {
		pos = all[chunk].AppendTo(pos, chunk)
	}
	return pos, nil
}

// either returns the places of the terms of a set in each chunk that has some.
func either(set []Term, chunks []int64, read Reader) (map[int64]*Places, error) {
	byPart := map[int][]Term{}
	for _, t := range set {
		byPart[t.Part()] = append(byPart[t.Part()], t)
	}
	f := finder{asked: map[int64]bool{}, found: map[int64]*Places{}}
	for _, chunk := range chunks {
		f.asked[chunk] = true
	}
	for _, terms := range byPart {
		slices.Sort(terms)
		if err := read(terms, chunks, func(b Block) error { return f.add(b, terms) }); err != nil {
			return nil, err
		}
	}
	return f.found, nil
}

// A finder notes where events are, in the chunks that are asked for.
type finder struct {
	asked map[int64]bool
	found map[int64]*Places
}

func (f finder) add(b Block, sorted []Term) error {
	isWanted := func(low uint32) bool {
		_, ok := slices.BinarySearchFunc(sorted, low, func(t Term, low uint32) int { return cmp.Compare(uint32(t), low) })
		return ok
	}
	last, places := int64(-1), (*Places)(nil)
	return Decode(b, isWanted, func(place int64) {
		pos := b.First + place
		if chunk := pos / ChunkSize; chunk != last {
			last, places = chunk, f.of(chunk)
		}
		if places != nil {
			places.Add(pos % ChunkSize)
		}
	})
}

func (f finder) of(chunk int64) *Places {
	if f.found[chunk] == nil && f.asked[chunk] {
		f.found[chunk] = new(Places)
	}
	return f.found[chunk]
}
