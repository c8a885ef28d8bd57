package crews

// polishRounds bounds how often all crews are gone through.
const polishRounds = 8

// polish turns the fate of single crews round as long as that makes the plan
// cheaper. All crews are decided before and after.
func (s *search) polish(among []party) error {
	for range polishRounds {
		cheaper := false
		for _, crew := range among {
			if s.spent() {
				break
			}
			won, err := s.turn(crew)
			if err != nil {
				return err
			}
			cheaper = cheaper || won
		}
		if !cheaper {
			return nil
		}
		// A crew may have paid for taking people from others that were in.
		if err := s.dive(); err != nil {
			return err
		}
	}
	return nil
}

// turn gives a crew the other fate if that makes the plan cheaper.
func (s *search) turn(crew party) (won bool, err error) {
	before, fate := s.cost(), s.fates[crew]
	if hopeful, err := s.hopeful(crew); err != nil || !hopeful {
		return false, err
	}
	ok := true
	if fate == closed {
		ok, err = s.admit(crew)
	} else {
		s.before = s.before[:0]
		for _, r := range s.crews[crew].Members {
			s.before = append(s.before, s.held[r])
		}
		err = s.dismiss(crew)
	}
	if err != nil || ok && s.cost() < before {
		return err == nil, err
	}
	if fate == closed {
		return false, s.dismiss(crew)
	}
	return false, s.readmit(crew, s.before)
}

// hopeful says whether the prices of the plan leave a chance that the other fate
// of a crew is cheaper. They bound the plan from below after the change as well:
// a crew that would cost more than nobody does at these prices cannot pay, and
// one that does not cost more cannot be worth shutting out.
func (s *search) hopeful(crew party) (bool, error) {
	if s.fates[crew] == closed {
		share, err := s.bound.share(crew, s.crews[crew].MinPeople, s.net.VolunteerPrice)
		return share < s.empty[crew], err
	}
	var gain int64
	for _, r := range s.crews[crew].Members {
		s.pairs = s.net.AppendAssigned(s.pairs[:0], r)
		for _, a := range s.pairs {
			gain = saturated(gain, a.Cost+s.net.VolunteerPrice(a.Volunteer)-s.asked[r].Penalty)
		}
	}
	return gain > 0, nil
}
