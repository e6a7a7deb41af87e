package payments

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// A Payment is money that comes in. Most are processed without anybody; one
// that is stuck, a person may process by hand.
type Payment struct {
	Meta
	Transfer
	Customer string `json:"customer"`
}

// A Payout is money that goes out.
type Payout struct {
	Meta
	Transfer
	Beneficiary string `json:"beneficiary"`
	Bank        string `json:"bank"`
}

// A Transfer is what payments and payouts have in common.
type Transfer struct {
	Reference string `json:"reference"`
	Amount    int64  `json:"amount"` // in the currency's smallest unit
	Currency  string `json:"currency"`
	Status    string `json:"status"`
}

func (t *Transfer) name() string          { return t.Reference }
func (t *Transfer) key() string           { return t.Reference }
func (t *Transfer) invalid() fieldsErrors { return nil } // nobody makes one through this API

// process processes a stuck transfer by hand.
func (t *Transfer) process() error {
	if t.Status != "stuck" {
		return refuse(http.StatusConflict, "it is %s, only what is stuck is processed by hand", t.Status)
	}
	t.Status = "processed"
	return nil
}

func (s *server) processPayment(c *gin.Context) {
	if !requireComment(c) {
		return
	}
	s.payments.change(c, func(p Payment) (Payment, error) { return p, p.process() })
}

// silentBank is a bank that never answers.
const silentBank = "Bank of Thule"

func (s *server) processPayout(c *gin.Context) {
	if !requireComment(c) {
		return
	}
	s.payouts.change(c, Payout.processed)
}

// processed returns the payout when its bank has been asked by hand.
func (p Payout) processed() (Payout, error) {
	if p.Bank == silentBank {
		return p, refuse(http.StatusBadGateway, "%s did not answer", p.Bank)
	}
	return p, p.process()
}

// processPayouts processes several payouts, each for itself: the answer says
// what became of each, and activity.yaml says where.
func (s *server) processPayouts(c *gin.Context) {
	var body struct {
		Payouts []string `json:"payouts"`
		Comment string   `json:"comment"`
	}
	err := readJSON(c, &body)
	if err == nil && strings.TrimSpace(body.Comment) == "" {
		err = errNoComment
	}
	if err != nil {
		fail(c, err)
		return
	}
	event(c).SetReason(body.Comment)
	results := []result{}
	for _, id := range body.Payouts {
		r := result{ID: id, Status: http.StatusOK}
		if _, _, err := s.payouts.update(c.Param("org"), id, s.payouts.next(Payout.processed)); err != nil {
			p := problemOf(err)
			r.Status, r.Detail = p.Status, p.Detail
		}
		results = append(results, r)
	}
	c.JSON(http.StatusMultiStatus, gin.H{"results": results})
}

// A result is what became of one of several things.
type result struct {
	ID     string `json:"id"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
}

var errNoComment = fieldsErrors{{"comment", "is required: say why it is done by hand"}}

// requireComment makes people say why they do by hand what a program should do.
func requireComment(c *gin.Context) bool {
	comment, err := readComment(c)
	if err == nil && strings.TrimSpace(comment) == "" {
		err = errNoComment
	}
	if err != nil {
		fail(c, err)
		return false
	}
	event(c).SetReason(comment)
	return true
}

// searchPayments is a POST that changes nothing: activity.yaml exempts it.
func (s *server) searchPayments(c *gin.Context) {
	var body struct {
		Status   string `json:"status"`
		Customer string `json:"customer"`
	}
	if err := readJSON(c, &body); err != nil {
		fail(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"items": s.payments.table.list(c.Param("org"), func(p *Payment) bool {
		return (body.Status == "" || p.Status == body.Status) &&
			(body.Customer == "" || p.Customer == body.Customer)
	})})
}
