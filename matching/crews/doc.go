// Package crews assigns volunteers to requests of which some take a minimum of
// people or nobody, and says how far from the least cost the plan can be.
//
// # Problem
//
// It is that of package flow with one rule more. A [Group] of requests gets at
// least m volunteers together or nobody at all. Groups with m > 1 are called
// crews here. With z = 1 for a crew that is in,
//
//	minimise   Σ c·x + Σ P·u
//	subject to Σ_v x(r,v) + u(r) = d(r)          for each request
//	           Σ_r x(r,v)        ≤ k(v)          for each volunteer
//	           m·z ≤ Σ x ≤ Σ d·z, x ≤ z          for each crew, z in {0,1}
//
// Even to find out whether all crews can be served is NP-hard (three-dimensional
// matching), so the answer is a plan, a lower bound, and the gap between them.
//
// # Bound
//
// Volunteers that cost c + π and have no limit let every party, which is a crew
// or a request on its own, be served by itself. For any prices π ≥ 0 no plan
// costs less than
//
//	L(π) = Σ share(party, π) − Σ k·π,
//
// where the share is the cost of nobody or of the party's best people from its
// minimum up, whichever is less. L is concave. Its maximum is the bound of the
// linear program in which z may be a fraction, as the polytope of a single crew
// given above is integral (Geoffrion 1974); without the rows x ≤ z it would be
// the relaxed optimum again. One pass over the pairs recomputes L, and package
// verify does so.
//
//	relaxed optimum ──► L at its prices ──► rays of the dive ──► volume algorithm
//	(package flow)      crews that miss      far-reaching,        in regions that
//	                    their minimum        many at once         still lose much
//
// A ray is the way that the prices of the plan went when a crew was forced in or
// shut out. The gain along it is a piecewise linear function of one variable, and
// only the parties near by have to be served anew. Rays settle what one step of
// a subgradient method over the whole province cannot, since the losses lie far
// apart and are of many sizes.
//
// Where crews compete for few people, even the best prices prove less than the
// plan costs: three crews of two who want any two of three people are served by
// half each in the linear program. In such a region a [Branch] assumes crews in
// and out in turn, always splitting the case that proves least. Each case may have
// prices of its own. No request and nobody is in two branches, so they add up;
// people who matter to two belong to the first, and may only get dearer in it than
// they are for the other.
//
// # Regions
//
// Losses lie in places of a few crews each, so that is what prices and plan are
// worked on at once. A region spreads from a crew to the people whom it has or
// would take at the present prices and, where a price is not small against the
// loss, on to the crews who have or would take them too. Everybody in it has a
// floor: the price below which somebody outside would take them. From the floors
// up, prices matter to nobody outside, and what the region gains the bound gains.
//
//	crew ──wants──► priced volunteer ◄──wants── crew …      prices move
//	                      ▲
//	                 floor│ what the next crew outside would pay
//
// A branch can end at a case whose crews are all decided and which no plan
// matches. Then the region lacks something: people outside of whom the case takes
// more than there are, or a price that its floor holds up. It takes in these
// people, or those who hold up the price, and begins anew.
//
// # Plan
//
//  1. Dive. Take the crews that have people but too few, the nearly complete
//     ones first. Solve exactly with the crew forced in and with it shut out, all
//     undecided crews being free to have any number, and keep the cheaper one.
//     Each is an incremental change of the flow, some microseconds.
//  2. Polish. Try single crews the other way round. The prices of the plan say in
//     advance for which this cannot pay.
//  3. Regions. Where the plan loses most against the bound, run the volume
//     algorithm; its mean plan says how much each crew is in. Shut out those
//     that hardly are, force in those that nearly are, dive for the rest, polish,
//     and keep the outcome if it is cheaper.
//  4. Branches. Prove more where much is left, and remake the plan of a region as
//     in step 3 when a case comes upon a better one.
//
// Steps 2 to 4 are taken only while the gap is above [CloseEnough], and all have
// a limit of effort that is counted in steps of work and not in time; it is much
// lower once the gap is [GoodEnough]. Past it, crews that miss their minimum are
// shut out without a trial. The same problem therefore gives the same plan on
// every run. The regions of step 3 hold at first those alone who want their people
// at the present prices; then prices may fall by half, which takes in more.
//
// A crew of several requests holds on to its minimum by a number of seats in each
// of them, which is chosen seat by seat. Another split may be cheaper, so plans
// for such crews can be worse than for crews of one request. The bound is not
// affected.
//
// # Ranges
//
// Those of package flow. Prices are moved only up to 2^60 ÷ Σ k, so that no sum
// leaves the range of int64.
//
// # Papers
//
// A. M. Geoffrion, Lagrangean relaxation for integer programming, Mathematical
// Programming Study 2, 1974. F. Barahona, R. Anbil, The volume algorithm:
// producing primal solutions with a subgradient method, Mathematical Programming
// 87, 2000.
package crews
