package app

import (
	"context"

	"github.com/linli/linli/aid"
	"github.com/linli/linli/workflows/contract"
)

// Processes passes answers and endings to the process of a help request, which
// takes them one after the other. A repeat with the same id is the same message
// and gets the same answer. Errors carry kind and reason: [aid.Conflict] for
// what comes too late, [aid.Unavailable] when nothing was done.
type Processes interface {
	AnswerOffer(ctx context.Context, id string, m contract.AnswerOffer) (contract.Outcome, error)
	WithdrawPairing(ctx context.Context, id string, m contract.WithdrawPairing) (contract.Outcome, error)
	CancelRequest(ctx context.Context, id string, m contract.EndRequest) (contract.Outcome, error)
	CloseRequest(ctx context.Context, id string, m contract.EndRequest) (contract.Outcome, error)
}

// RequestReader reads help requests with all their parts. Request is
// [aid.NotFound] for an unknown id; RequestsByID leaves unknown ids out and
// gives the others in any order.
type RequestReader interface {
	Request(ctx context.Context, id aid.RequestID) (*aid.HelpRequest, error)
	RequestsByID(ctx context.Context, ids []aid.RequestID) ([]*aid.HelpRequest, error)
}

// AreaReader reads one area; [aid.NotFound] for an unknown id.
type AreaReader interface {
	Area(ctx context.Context, id aid.AreaID) (aid.Area, error)
}

// Catalogue lists the skills and courses that people can be asked for, and the
// categories and risk classes of what they are asked for.
type Catalogue interface {
	Skills(ctx context.Context) ([]aid.Named, error)
	Courses(ctx context.Context) ([]aid.Named, error)
	RiskClasses(ctx context.Context) ([]aid.RiskClass, error)
	Categories(ctx context.Context) ([]aid.Category, error)
}
