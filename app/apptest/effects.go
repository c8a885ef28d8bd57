package apptest

import (
	"context"

	"github.com/linli/linli/training"
)

// SeedEffect says what every comparison adds up to.
func (w *World) SeedEffect(s training.EffectSums) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.school.effect = s
}

// AskedEffect is the last comparison that was asked for.
func (w *World) AskedEffect() training.EffectFilter {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.school.asked
}

// Effect gives what was seeded.
func (w *World) Effect(ctx context.Context, f training.EffectFilter) (training.EffectSums, error) {
	leave, err := w.enter(ctx, "Effect")
	if err != nil {
		return training.EffectSums{}, err
	}
	defer leave()
	w.school.asked = f
	return w.school.effect, nil
}
