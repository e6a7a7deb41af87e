package payments

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// A Member is a person in an organisation.
type Member struct {
	Meta
	Name   string `json:"name"`
	Email  string `json:"email"`
	Role   role   `json:"role"`
	Status status `json:"status"`
}

type status string

const (
	waiting  status = "invited"
	active   status = "active"
	declined status = "declined"
	inactive status = "inactive"
)

func (m *Member) name() string { return m.Name }
func (m *Member) key() string  { return strings.ToLower(m.Email) }

func (m *Member) invalid() (errs fieldsErrors) {
	errs.check(m.Name != "", "name", "is required")
	errs.check(strings.Contains(m.Email, "@"), "email", "must be an email address")
	errs.oneOf("role", string(m.Role), string(viewer), string(admin), string(owner))
	return errs
}

func (s *server) invite(c *gin.Context) {
	var m Member
	if err := readJSON(c, &m); err != nil {
		fail(c, err)
		return
	}
	m.Status = waiting
	s.members.add(c, m)
}

// updateMember changes a member's name or role. Its status has routes of its own.
func (s *server) updateMember(c *gin.Context) {
	var body struct {
		Name string `json:"name"`
		Role role   `json:"role"`
	}
	if err := readJSON(c, &body); err != nil {
		fail(c, err)
		return
	}
	s.members.change(c, func(m Member) (Member, error) {
		if body.Name != "" {
			m.Name = body.Name
		}
		if body.Role != "" {
			m.Role = body.Role
		}
		return m, nil
	})
}

func (s *server) join(c *gin.Context)       { s.answer(c, active) }
func (s *server) decline(c *gin.Context)    { s.answer(c, declined) }
func (s *server) activate(c *gin.Context)   { s.move(c, inactive, active) }
func (s *server) deactivate(c *gin.Context) { s.move(c, active, inactive) }

// answer is an invited person's answer.
func (s *server) answer(c *gin.Context, to status) {
	m, err := s.members.find(c)
	if err == nil && m.Email != principalOf(c.Request.Context()).user.Email {
		err = refuse(http.StatusForbidden, "the invitation is for somebody else")
	}
	if err != nil {
		fail(c, err)
		return
	}
	s.move(c, waiting, to)
}

// move changes a member's status. The body may give a reason.
func (s *server) move(c *gin.Context, from, to status) {
	comment, err := readComment(c)
	if err != nil {
		fail(c, err)
		return
	}
	event(c).SetReason(comment)
	s.members.change(c, func(m Member) (Member, error) {
		if m.Status != from {
			return m, refuse(http.StatusConflict, "the member is %s, not %s", m.Status, from)
		}
		m.Status = to
		return m, nil
	})
}

// readComment reads what a person says of an action, {"comment": "…"}, or nothing.
func readComment(c *gin.Context) (string, error) {
	data, err := readBody(c)
	if err != nil || len(data) == 0 {
		return "", err
	}
	var body struct {
		Comment string `json:"comment"`
	}
	err = decode(data, &body)
	return body.Comment, err
}

// searchMembers is a POST that changes nothing: activity.yaml exempts it.
func (s *server) searchMembers(c *gin.Context) {
	var body struct {
		Text string `json:"text"`
	}
	if err := readJSON(c, &body); err != nil {
		fail(c, err)
		return
	}
	text := strings.ToLower(body.Text)
	c.JSON(http.StatusOK, gin.H{"items": s.members.table.list(c.Param("org"), func(m *Member) bool {
		return strings.Contains(strings.ToLower(m.Name+" "+m.Email), text)
	})})
}
