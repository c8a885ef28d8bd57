package app

import (
	"context"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/auth/policy"
)

// AnswerReview notes at the review of a standing pairing whether it goes on: a
// volunteer answers for themselves, a caseworker or coordinator for the
// beneficiary. It gives the review that is under way then.
func (u *Requests) AnswerReview(ctx context.Context, by Caller, id aid.RequestID, answer string) (aid.Review, error) {
	if err := policy.Role(by.Role, policy.AnswerReview); err != nil {
		return aid.Review{}, err
	}
	r, err := u.Store.Request(ctx, id)
	if err == nil {
		on := policy.Resource{Area: r.AreaPath}
		if bindsConfirmed(r, by.Volunteer) {
			on.Volunteer = by.Volunteer
		}
		err = policy.Allow(by.Account, policy.AnswerReview, on)
	}
	if err != nil {
		return aid.Review{}, hidden(err, "help request")
	}
	r, err = u.Store.ChangeAndTell(ctx, id, func(r *aid.HelpRequest, now time.Time) error {
		return r.AnswerReview(by.Role == aid.RoleVolunteer, answer, by.ID, now)
	})
	if err != nil {
		return aid.Review{}, err
	}
	return r.Review, nil
}
