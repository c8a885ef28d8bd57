package policy

import "github.com/linli/linli/aid"

var ruleOf = func() map[Action]rule {
	m := make(map[Action]rule, len(rules))
	for _, r := range rules {
		m[r.action] = r
	}
	return m
}()

// Role refuses with [aid.Forbidden] what a role may never do, before anything
// is known of the thing that it is to be done to.
func Role(role aid.Role, action Action) error {
	if ruleOf[action].of(role) == nil {
		return aid.Errorf(aid.Forbidden, "your role does not allow this")
	}
	return nil
}

// Allow is nil if the actor may take the action on the resource; see the
// package comment for the kinds of refusal. It is safe for concurrent use.
func Allow(actor aid.Account, action Action, on Resource) error {
	if err := Role(actor.Role, action); err != nil {
		return err
	}
	r := ruleOf[action]
	if r.of(actor.Role)(actor, on) {
		return nil
	}
	if r.creates {
		return aid.Errorf(aid.Forbidden, "you may not act in this area")
	}
	return aid.Errorf(aid.NotFound, "there is no such thing, or it is not yours to see")
}

// Allows is [Allow] as a yes or no, for single fields.
func Allows(actor aid.Account, action Action, on Resource) bool {
	return Allow(actor, action, on) == nil
}
