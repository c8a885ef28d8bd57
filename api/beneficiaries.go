package api

import (
	"context"
	"net/http"
	"time"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/app"
	"github.com/linli/linli/auth/policy"
)

// NewBeneficiary is what a caseworker writes down.
type NewBeneficiary struct {
	ID      string `json:"id,omitempty" doc:"Made up if left out."`
	Name    string `json:"name"`
	Phone   string `json:"phone,omitempty"`
	Address string `json:"address,omitempty"`
	Area    string `json:"area_id"`
	Home    Point  `json:"home"`
}

// Beneficiary is a person in need.
type Beneficiary struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Phone   string     `json:"phone"`
	Address string     `json:"address"`
	Area    string     `json:"area_id"`
	Home    Point      `json:"home"`
	Since   *time.Time `json:"since,omitempty"`
}

func beneficiaryOf(b aid.Beneficiary) Beneficiary {
	return Beneficiary{string(b.ID), b.Name, b.Phone, b.Address, string(b.Area), Point(b.Home), moment(b.Since)}
}

// Disclosure is one time at which somebody was told of a beneficiary.
type Disclosure struct {
	At      time.Time `json:"at"`
	Account string    `json:"account_id" doc:"Who was told."`
	What    string    `json:"what" enum:"service,request,record" doc:"service: exact place, name, phone, address and notes; request: exact place and notes of a help request; record: the beneficiary's record."`
	Ground  string    `json:"ground" enum:"pairing,area" doc:"By which right: a confirmed pairing of their own, or an area that they look after."`
	Request string    `json:"help_request_id,omitempty"`
	Pairing string    `json:"pairing_id,omitempty"`
}

func disclosureOf(d aid.Disclosure) Disclosure {
	return Disclosure{d.At.UTC(), string(d.To), string(d.What), string(d.Ground), string(d.Request), string(d.Pairing)}
}

func (a *API) serveBeneficiaries() {
	const (
		all = "/v1/beneficiaries"
		tag = "beneficiaries"
	)
	u := a.UseCases.Beneficiaries

	type created struct {
		Location string `header:"Location"`
		Body     Beneficiary
	}
	handle(a, http.MethodPost, all, policy.AddBeneficiary, describe{"Register a beneficiary", http.StatusCreated, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Body NewBeneficiary }) (*created, error) {
			n := in.Body
			b, err := u.Add(ctx, by, aid.Beneficiary{
				ID: aid.BeneficiaryID(n.ID), Name: n.Name, Phone: n.Phone, Address: n.Address,
				Area: aid.AreaID(n.Area), Home: n.Home.domain(),
			})
			if err != nil {
				return nil, err
			}
			return &created{all + "/" + string(b.ID), beneficiaryOf(b)}, nil
		})

	handle(a, http.MethodGet, all, policy.ListBeneficiaries, describe{"List beneficiaries by id", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct{ Paging }) (*listed[Beneficiary], error) {
			page, err := u.List(ctx, by, in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, beneficiaryOf), nil
		})

	handle(a, http.MethodGet, all+"/{id}", policy.ReadBeneficiary, describe{"Read a beneficiary", 0, tag},
		func(ctx context.Context, by app.Caller, in *Item) (*struct{ Body Beneficiary }, error) {
			b, err := u.Get(ctx, by, aid.BeneficiaryID(in.ID))
			if err != nil {
				return nil, err
			}
			return &struct{ Body Beneficiary }{beneficiaryOf(b)}, nil
		})

	handle(a, http.MethodGet, all+"/{id}/disclosures", policy.ReadDisclosures, describe{"List who was told of a beneficiary, newest first", 0, tag},
		func(ctx context.Context, by app.Caller, in *struct {
			Item
			Paging
		},
		) (*listed[Disclosure], error) {
			page, err := u.Disclosures(ctx, by, aid.BeneficiaryID(in.ID), in.page())
			if err != nil {
				return nil, err
			}
			return pageOf(in.Paging, page, disclosureOf), nil
		})
}
