package postgres_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/postgres"
)

// walk reads a list page by page and gives the ids in order. It works for every
// list that the store has.
func walk[T any, ID ~string](t *testing.T, limit int, read func(aid.Page) (aid.PageOf[T], error), id func(T) ID) []ID {
	t.Helper()
	var out []ID
	for after := ""; ; {
		page, err := read(aid.Page{After: after, Limit: limit})
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.Items), limit)
		for _, item := range page.Items {
			out = append(out, id(item))
		}
		if page.Next == "" {
			return out
		}
		require.Len(t, page.Items, limit)
		after = page.Next
	}
}

func TestPagesCoverEveryRowOnceUnderTies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := w.volunteers(11)
	var requests []aid.RequestID
	for i := range 11 {
		id := aid.RequestID(fmt.Sprintf("r%02d", i))
		requests = append(requests, id)
		w.request(id, w.need(1, 3)) // all opened at one instant
		w.ask(id, 1, ids[i])
		require.NoError(t, w.accept(t.Context(), id, ids[i]))
	}
	w.volunteer("all", 20)
	for i := range 11 {
		id := aid.RequestID(fmt.Sprintf("s%02d", i))
		w.request(id, w.need(1, 30+i))
		w.ask(id, 1, "all")
	}
	require.NoError(t, w.sql("UPDATE offers SET made_at = '2026-01-01'; UPDATE pairings SET made_at = '2026-01-01'"))
	newestFirst := slices.Clone(requests)
	slices.Reverse(newestFirst)
	ctx := t.Context()
	for _, limit := range []int{1, 3, 11, 200} {
		got := walk(t, limit, func(p aid.Page) (aid.PageOf[*aid.HelpRequest], error) {
			return w.Requests(ctx, aid.RequestFilter{Areas: []aid.AreaPath{"/hlj/"}, Statuses: []aid.RequestStatus{aid.RequestPaired}}, p)
		}, func(r *aid.HelpRequest) aid.RequestID { require.Len(t, r.Pairings, 1); return r.ID })
		require.Equal(t, newestFirst, got)
		offers := walk(t, limit, func(p aid.Page) (aid.PageOf[aid.Offer], error) {
			return w.Offers(ctx, aid.OfferFilter{Volunteer: "all", Statuses: []aid.OfferStatus{aid.OfferPending}}, p)
		}, func(o aid.Offer) aid.RequestID { return o.Request })
		require.Len(t, offers, 11)
		require.True(t, slices.IsSortedFunc(offers, func(a, b aid.RequestID) int { return -compare(a, b) }))
		pairings := walk(t, limit, func(p aid.Page) (aid.PageOf[aid.Pairing], error) {
			return w.Pairings(ctx, aid.PairingFilter{Areas: []aid.AreaPath{harbin.Path}}, p)
		}, func(o aid.Pairing) aid.RequestID { return o.Request })
		require.Equal(t, newestFirst, pairings)
		people := walk(t, limit, func(p aid.Page) (aid.PageOf[aid.Volunteer], error) {
			return w.Volunteers(ctx, aid.PersonFilter{Areas: []aid.AreaPath{harbin.Path}}, p)
		}, func(v aid.Volunteer) aid.VolunteerID { return v.ID })
		require.Equal(t, append([]aid.VolunteerID{"all"}, ids...), people)
		areas := walk(t, limit, func(p aid.Page) (aid.PageOf[aid.Area], error) { return w.Areas(ctx, p) }, func(a aid.Area) aid.AreaID { return a.ID })
		require.Equal(t, []aid.AreaID{"hlj", "hlj.harbin", "hlj_harbin"}, areas)
	}
}

// Few of many rows are found by searching, most of them by walking, and a list
// may need both.
func TestListsFindWhatLiesFarApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const many = 2500
	_, err := w.ImportVolunteers(t.Context(), harbin.ID, manyVolunteers(many), postgres.ImportWatch{})
	require.NoError(t, err)
	few := []aid.VolunteerID{"v0000003", "v0000004", "v0002400", "v0002499"}
	require.NoError(t, w.sql("UPDATE volunteers SET area_id = 'hlj_harbin' WHERE id = ANY($1::text[])", few))
	list := func(limit int, areas ...aid.AreaPath) []aid.VolunteerID {
		return walk(t, limit, func(p aid.Page) (aid.PageOf[aid.Volunteer], error) {
			return w.Volunteers(t.Context(), aid.PersonFilter{Areas: areas}, p)
		}, func(v aid.Volunteer) aid.VolunteerID { return v.ID })
	}
	require.Equal(t, few, list(3, harbin_.Path))
	require.Equal(t, few, list(1, harbin_.Path))
	require.Len(t, list(199, harbin.Path), many-len(few))
	all := list(200, province.Path)
	require.Len(t, all, many)
	require.True(t, slices.IsSorted(all))
}

func compare[T ~string](a, b T) int { return slices.Compare([]T{a}, []T{b}) }

func TestListsShowOnlyWhatTheirFilterAllows(t *testing.T) {
	t.Parallel()
	w := busy(t)
	ctx, all := t.Context(), aid.Page{Limit: 200}
	requests := func(f aid.RequestFilter) int {
		page, err := w.Requests(ctx, f, all)
		require.NoError(t, err)
		return len(page.Items)
	}
	in := []aid.AreaPath{harbin.Path}
	require.Equal(t, 3, requests(aid.RequestFilter{Areas: in}))
	require.Equal(t, 3, requests(aid.RequestFilter{Areas: []aid.AreaPath{harbin_.Path, province.Path}}))
	require.Zero(t, requests(aid.RequestFilter{Areas: []aid.AreaPath{harbin_.Path}}), `"_" in a path is no pattern`)
	require.Zero(t, requests(aid.RequestFilter{}), "no areas, nothing is seen")
	require.Equal(t, 1, requests(aid.RequestFilter{Areas: in, Statuses: []aid.RequestStatus{aid.RequestCancelled}}))
	require.Equal(t, 3, requests(aid.RequestFilter{Areas: in, Beneficiary: "b1"}))
	require.Zero(t, requests(aid.RequestFilter{Areas: in, Beneficiary: "b2"}))

	pairings := func(f aid.PairingFilter) int {
		page, err := w.Pairings(ctx, f, all)
		require.NoError(t, err)
		return len(page.Items)
	}
	require.Equal(t, 1, pairings(aid.PairingFilter{Areas: in}))
	require.Equal(t, 1, pairings(aid.PairingFilter{Volunteer: "v000"}))
	require.Zero(t, pairings(aid.PairingFilter{Volunteer: "v001"}))
	require.Zero(t, pairings(aid.PairingFilter{}), "neither volunteer nor areas, nothing is seen")
	require.Zero(t, pairings(aid.PairingFilter{Areas: []aid.AreaPath{harbin_.Path}}))
	require.Zero(t, pairings(aid.PairingFilter{Areas: in, Request: "offered"}))
	require.Zero(t, pairings(aid.PairingFilter{Areas: in, Statuses: []aid.PairingStatus{aid.PairingWithdrawn}}))

	for areas, want := range map[aid.AreaPath]int{harbin.Path: 4, harbin_.Path: 0} {
		page, err := w.Volunteers(ctx, aid.PersonFilter{Areas: []aid.AreaPath{areas}}, all)
		require.NoError(t, err)
		require.Len(t, page.Items, want)
	}
	people, err := w.Beneficiaries(ctx, aid.PersonFilter{Areas: in}, all)
	require.NoError(t, err)
	require.Len(t, people.Items, 1)
	people, err = w.Beneficiaries(ctx, aid.PersonFilter{}, all)
	require.NoError(t, err)
	require.Empty(t, people.Items)
}

func TestMalformedPagesAreRefusedByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	lists := map[string]func(aid.Page) error{
		"requests":   func(p aid.Page) error { _, err := w.Requests(ctx, aid.RequestFilter{}, p); return err },
		"pairings":   func(p aid.Page) error { _, err := w.Pairings(ctx, aid.PairingFilter{}, p); return err },
		"volunteers": func(p aid.Page) error { _, err := w.Volunteers(ctx, aid.PersonFilter{}, p); return err },
		"areas":      func(p aid.Page) error { _, err := w.Areas(ctx, p); return err },
		"timeline":   func(p aid.Page) error { _, err := w.Timeline(ctx, "r", p); return err },
	}
	encode := base64.RawURLEncoding.EncodeToString
	for name, list := range lists {
		for _, cursor := range []string{"!", encode([]byte("{")), encode([]byte(`["a"]`)), encode([]byte(`"a b"`)), encode([]byte(`{"at":"x"}`)), encode([]byte(`{}`))} {
			err := list(aid.Page{After: cursor, Limit: 10})
			require.Equal(t, aid.Invalid, aid.KindOf(err), "%s %s", name, cursor)
			require.ErrorContains(t, err, "cursor")
		}
		for _, limit := range []int{-1, 0, aid.MaxPage + 1} {
			err := list(aid.Page{Limit: limit})
			require.Equal(t, aid.Invalid, aid.KindOf(err), "%s %d", name, limit)
			require.ErrorContains(t, err, "limit")
		}
	}
}

func TestPeopleAndPlacesAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	v := w.volunteer("v", 2)
	v.Version = 1
	stored, err := w.Volunteer(ctx, "v")
	require.NoError(t, err)
	require.Equal(t, v, stored)
	v.Capacity, v.Skills, v.Courses = 3, []aid.Skill{"driving"}, []aid.CourseHeld{{Course: "basics"}}
	require.NoError(t, w.UpdateVolunteer(ctx, v))
	v.Version = 2
	stored, err = w.Volunteer(ctx, "v")
	require.NoError(t, err)
	require.Equal(t, v, stored)
	require.Equal(t, aid.ReasonAlreadyExists, aid.ReasonOf(w.AddVolunteer(ctx, v)))
	for field, change := range map[string]func(*aid.Volunteer){
		"skills[0]":  func(v *aid.Volunteer) { v.Skills = []aid.Skill{"flying"} },
		"courses[0]": func(v *aid.Volunteer) { v.Courses = []aid.CourseHeld{{Course: "magic"}} },
		"area_id":    func(v *aid.Volunteer) { v.Area = "nowhere" },
	} {
		wrong := v
		change(&wrong)
		err := w.UpdateVolunteer(ctx, wrong)
		require.Equal(t, aid.Invalid, aid.KindOf(err))
		require.ErrorContains(t, err, field)
	}
	v.ID = "absent"
	require.Equal(t, aid.NotFound, aid.KindOf(w.UpdateVolunteer(ctx, v)))
	_, err = w.Volunteer(ctx, "absent")
	require.Equal(t, aid.NotFound, aid.KindOf(err))

	b, err := w.Beneficiary(ctx, "b1")
	require.NoError(t, err)
	require.WithinDuration(t, w.now, b.Since, time.Minute)
	b.Since = time.Time{}
	require.Equal(t, aid.Beneficiary{ID: "b1", Name: "王", Area: harbin.ID, AreaPath: harbin.Path, Home: home, Cell: 7}, b)
	require.Equal(t, aid.ReasonAlreadyExists, aid.ReasonOf(w.AddBeneficiary(ctx, b)))
	_, err = w.Beneficiary(ctx, "absent")
	require.Equal(t, aid.NotFound, aid.KindOf(err))

	a, err := w.Area(ctx, harbin.ID)
	require.NoError(t, err)
	require.Equal(t, harbin, a)
	_, err = w.Area(ctx, "absent")
	require.Equal(t, aid.NotFound, aid.KindOf(err))
	orphan := aid.Area{ID: "x", Parent: "nowhere", Path: "/nowhere/x/", Level: aid.LevelCounty}
	require.ErrorContains(t, w.AddArea(ctx, orphan), "parent")

	named := aid.Named{ID: "driving", NameZh: "驾驶", NameEn: "Driving"}
	require.NoError(t, w.AddSkills(ctx, []aid.Named{named}))
	skills, err := w.Skills(ctx)
	require.NoError(t, err)
	require.Equal(t, []aid.Named{named, {ID: "first_aid"}}, skills)
	courses, err := w.Courses(ctx)
	require.NoError(t, err)
	require.Equal(t, []aid.Named{{ID: "basics"}, {ID: "care"}}, courses)
}
