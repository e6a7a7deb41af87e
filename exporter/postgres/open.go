package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/activitylog-go/activitylog/store"
)

var (
	_ store.Store       = (*Store)(nil)
	_ store.Quarantiner = (*Store)(nil)
	_ store.Custodian   = (*Store)(nil)
)

// A Store keeps events in a PostgreSQL database. Several processes may use the
// same database at once, also for writing.
type Store struct {
	name   string // for errors: the hosts and the database
	pool   *pgxpool.Pool
	tenant string  // the setting of that name, "" for all tenants
	names  names   // of the writer
	writer *writer // nil if the store was opened for reading
}

// tenantSetting is the parameter of a DSN that narrows what a reader sees.
const tenantSetting = "activitylog.tenant"

// Open opens the activity log in the database that dsn names for reading and
// writing. It creates the schema "activitylog" and brings an older one to the
// newest version; a newer one than it knows it refuses.
//
// The DSN is a URL as libpq has it, also with several hosts. Of these, one that
// takes writes is used, see target_session_attrs.
func Open(ctx context.Context, dsn string) (*Store, error) { return openWriter(ctx, dsn, true) }

// OpenExisting is Open for a role that does not own the schema, which it
// neither creates nor changes: somebody has run [Schema].
func OpenExisting(ctx context.Context, dsn string) (*Store, error) {
	return openWriter(ctx, dsn, false)
}

func openWriter(ctx context.Context, dsn string, create bool) (*Store, error) {
	s, err := connect(ctx, dsn, true)
	if err != nil {
		return nil, err
	}
	if create {
		err = migrate(ctx, s.pool.Config().ConnConfig)
	} else {
		err = s.checkVersion(ctx)
	}
	if err == nil {
		err = s.checkDurable(ctx)
	}
	if err == nil {
		err = s.startWriter(ctx)
	}
	if err != nil {
		s.pool.Close()
		return nil, s.explain(ctx, err)
	}
	return s, nil
}

// OpenReader opens the activity log for reading only: Append and Quarantine of
// the store fail, and what reads does so in transactions that are read-only. A
// custodian, whose role has the right, may do the rest of what [store.Custodian]
// and [store.Quarantiner] have.
//
// With the parameter activitylog.tenant in dsn, the database itself sees to it
// that no event of another tenant is read, and nothing of the quarantine, the
// holds and the deeds; and nothing can be changed. It can do so for roles whose rights
// were granted to them, not for the schema's owner, which is then an error.
func OpenReader(ctx context.Context, dsn string) (*Store, error) {
	s, err := connect(ctx, dsn, false)
	if err != nil {
		return nil, err
	}
	if err = s.checkVersion(ctx); err == nil {
		err = s.checkTenant(ctx)
	}
	if err != nil {
		s.pool.Close()
		return nil, s.explain(ctx, err)
	}
	return s, nil
}

func connect(ctx context.Context, dsn string, write bool) (*Store, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("postgres store: %w", unreadable(dsn, err))
	}
	c := config.ConnConfig
	s := &Store{name: databaseName(c), tenant: c.RuntimeParams[tenantSetting]}
	delete(c.RuntimeParams, tenantSetting) // pgbouncer would refuse it
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "activitylog"
	}
	if c.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
		// Prepared statements belong to a session, of which pgbouncer gives
		// another one to each transaction.
		c.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 5 * time.Second // for each host
	}
	if write && c.ValidateConnect == nil && len(hosts(c)) > 1 {
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	if write && s.tenant != "" {
		return nil, s.explain(ctx, errors.New(tenantSetting+" is for reading only"))
	}
	config.AfterConnect = func(context.Context, *pgx.Conn) error {
		s.names.forget()
		return nil
	}
	if s.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, s.explain(ctx, err)
	}
	return s, nil
}

// unreadable says what is wrong with a DSN without showing its password.
func unreadable(dsn string, err error) error {
	u, bad := url.Parse(dsn)
	if cause := errors.Unwrap(err); bad == nil && cause != nil {
		password, _ := u.User.Password()
		if password == "" || !strings.Contains(cause.Error(), password) {
			return fmt.Errorf("its DSN: %w", cause)
		}
	}
	return errors.New("its DSN has not the form postgres://USER:PASSWORD@HOST:PORT/DATABASE, in which / ? # @ : and % of a password are written as %2F and so on")
}

// hosts returns the addresses of a DSN, each once: there is one fallback more
// for each of them when TLS may be done without.
func hosts(c *pgx.ConnConfig) []string {
	all := []string{fmt.Sprintf("%s:%d", c.Host, c.Port)}
	seen := map[string]bool{all[0]: true}
	for _, f := range c.Fallbacks {
		host := fmt.Sprintf("%s:%d", f.Host, f.Port)
		if !seen[host] {
			seen[host] = true
			all = append(all, host)
		}
	}
	return all
}

func databaseName(c *pgx.ConnConfig) string {
	return strings.Join(hosts(c), ",") + "/" + c.Database
}

// checkDurable refuses a server that acknowledges what it may lose.
func (s *Store) checkDurable(ctx context.Context) error {
	var setting string
	if err := s.pool.QueryRow(ctx, "SELECT current_setting('synchronous_commit')").Scan(&setting); err != nil {
		return err
	}
	if setting == "off" {
		return errors.New("synchronous_commit is off, so that the server acknowledges events that it may lose: " +
			"ALTER ROLE ... SET synchronous_commit = on")
	}
	return nil
}

// checkTenant refuses to rely on row-level security where there is none.
func (s *Store) checkTenant(ctx context.Context) error {
	if s.tenant == "" {
		return nil
	}
	var active bool
	if err := s.pool.QueryRow(ctx, "SELECT row_security_active('activitylog.events')").Scan(&active); err != nil {
		return err
	}
	if !active {
		return errors.New(tenantSetting + ": this role sees all tenants whatever the setting is, because it owns the log " +
			"or is a superuser: connect as a member of activitylog_reader or activitylog_tenant")
	}
	return nil
}

// begin returns the statements with which a transaction that reads begins: one
// state of the database, whatever is added meanwhile, and no plan that sorts
// the whole table because few events seem to be wanted.
func (s *Store) begin() string {
	sql := "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL enable_seqscan = off; SET LOCAL jit = off"
	if s.tenant != "" {
		sql += "; SET LOCAL " + tenantSetting + " = '" + strings.ReplaceAll(s.tenant, "'", "''") + "'"
	}
	return sql
}

// writing is how a transaction begins that writes. Each statement sees what was
// committed before it, whatever the database's default is: what waits for a lock
// wants to see what was done under it. A program that is gone without a word
// does not keep its locks.
var writing = pgx.TxOptions{
	BeginQuery: "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = '1min'",
}

// reading runs do in a transaction that reads.
func (s *Store) reading(ctx context.Context, do func(pgx.Tx) error) error {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{BeginQuery: s.begin()})
	if err == nil {
		err = do(tx)
		tx.Rollback(context.WithoutCancel(ctx)) // there is nothing to keep
	}
	return s.explain(ctx, err)
}

// Close ends the connections.
func (s *Store) Close() error {
	if s.writer != nil {
		s.writer.close()
	}
	s.pool.Close()
	return nil
}

// A writer is what only a store that was opened for writing has.
type writer struct {
	partitions partitions
	recent     recent

	wake chan struct{} // for the indexer: there are more events
	stop context.CancelFunc
	done sync.WaitGroup
}

func (s *Store) startWriter(ctx context.Context) error {
	w := &writer{wake: make(chan struct{}, 1)}
	if err := w.partitions.load(ctx, s.pool); err != nil {
		return err
	}
	w.partitions.makeAhead(ctx, s.pool, time.Now())
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	w.stop = stop
	w.indexSoon() // what a program has left that was killed
	s.writer = w  // before the indexer begins, which asks it
	w.done.Go(func() { s.maintain(background, w) })
	return nil
}

func (w *writer) close() {
	w.stop()
	w.done.Wait()
}
