package activitylogexporter

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/activitylog-go/activitylog/store"
)

// pruneInterval is the time between two rounds of pruning.
const pruneInterval = time.Hour

// A retainer prunes a store as rules of retention say, at once and then every
// pruneInterval. Several Collectors may do so at one store.
type retainer struct {
	store   store.Custodian
	rules   []RetentionRule
	metrics *metrics
	log     *zap.Logger

	stop    context.CancelFunc
	running sync.WaitGroup
}

// startRetainer returns nil if there are no rules.
func startRetainer(s store.Store, rules []RetentionRule, m *metrics, log *zap.Logger) (*retainer, error) {
	if len(rules) == 0 {
		return nil, nil
	}
	c, ok := s.(store.Custodian)
	if !ok {
		return nil, errors.New("retention: this store cannot prune")
	}
	r := &retainer{store: c, rules: rules, metrics: m, log: log}
	ctx, stop := context.WithCancel(context.Background()) // Start's ends with Start
	r.stop = stop
	r.running.Go(func() { r.run(ctx) })
	return r, nil
}

// end ends the pruning where it is, which the next round goes on from.
func (r *retainer) end() {
	if r == nil {
		return
	}
	r.stop()
	r.running.Wait()
}

func (r *retainer) run(ctx context.Context) {
	ticker := time.NewTicker(pruneInterval)
	defer ticker.Stop()
	for {
		r.round(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// round prunes what each rule names. That one cannot be followed keeps no other
// one from it: the round after this one tries again.
func (r *retainer) round(ctx context.Context) {
	for _, p := range prunes(r.rules, time.Now()) {
		n, err := r.store.Prune(ctx, p)
		r.metrics.prunedBy(ctx, n, err)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			r.log.Error(fmt.Sprintf("retention: %s: %v", p.Reason, err), zap.Int("pruned", n))
		case n > 0:
			r.log.Info("retention: "+p.Reason, zap.Int("pruned", n))
		}
	}
}
