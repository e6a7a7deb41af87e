package infer

import "github.com/activitylog-go/activitylog/mapping/internal/wordlist"

// strongVerbs are hardly ever the name of a resource: as the last segment of
// a POST, PUT or PATCH they say what is done.
var strongVerbs = wordlist.Set(`
	abandon abort absolve absorb accelerate accept accommodate accompany accredit accrue accumulate ack acknowledge
	acquire acquit activate actuate adapt add adjourn adjudicate adjust administer admit adopt advance advise affirm
	affix align allocate allow alter amend amplify annotate announce annul anonymise anonymize anticipate append apply
	appoint appraise apprehend approve arbitrate arm arrange ascertain ask assemble assert assess assign assist
	associate assume assure attach attend attest augment authenticate authorise authorize autofill automate autosave
	avert await awaken backfill backtrack bake ban beat begin bend bind bite boot borrow bring bump burn buy bypass
	calibrate cancel catch categorise categorize cater censor certify change checkin checkout choose cite clarify
	classify clean cleanse clear clone close collapse collate collect combine commence commend communicate compact
	compensate compile complain complete comply compose compress concede conclude condemn condense conduct confide
	configure confirm confiscate conjoin connect consign consolidate construct consult consume contend continue
	contribute convene convert convince coordinate cordon correct cosign countersign couple crawl create crosspost
	cull curate customize deactivate debrief decant decide declare decline decommission decompress decorate decouple
	decrease decrement decrypt dedicate deduct dedupe deduplicate deem deepen deescalate defend defer define deflect
	defrag defragment degrade delegate delete delist deliver demolish demonstrate demote deny depart deplete deploy
	deprecate depreciate deprioritize deprovision deregister derive deselect designate destroy detach detain determine
	detonate devalue develop diagnose dictate dig dilute disable disapprove disarm disassemble disavow disband disbar
	disburse discard discern disclose disconnect discontinue discover discuss disenroll disinvite dismiss dispatch
	dispense dispose disprove disqualify disregard dissociate dissolve distract distribute divert divest divide donate
	downgrade downvote drink drop dropoff duplicate dye earmark earn eat edit eject elect elevate embark embed embrace
	emit employ empower empty emulate enable enact encash encourage encrypt end endorse enforce engage engrave enjoin
	enlarge enlist enqueue enrich enrol enroll ensure enter entitle entrust eradicate erase escalate esign establish
	evacuate evict evolve examine excavate exceed exchange exclude excuse exec execute exempt exit exonerate expand
	expedite expel expire explore expose extend extinguish extract extubate fabricate facilitate fail failback
	failover fasten ferment fill finalise finalize finish flatten fling flush fly forbid foreclose foresee forfeit
	forget forgive forgot freeze fulfil fulfill furlough furnish garnish gather generate give go go_live govern grab
	graduate greenlight greet grind grow halt halve handle handoff handover hang hangup harden harvest heal hibernate
	hide hire hoist honor honour hurry hydrate identify ignore impersonate implement import imprison improve
	incinerate include incorporate increase increment incubate incur induct infect inform ingest inherit inhibit init
	initialise initialize initiate inject inquire inscribe insert inspect install instantiate instruct insure
	integrate interact intercept interpret interrupt introduce intubate invalidate invest invite invoke irrigate
	isolate itemize jettison join keep kick kill lapse layoff learn lend levy liaise liquidate locate login logoff
	logon logout lose lower maintain make manufacture mark mature measure mediate mend merge migrate mobilize moderate
	modify move multiply mute narrate negotiate nominate normalise normalize notarize notify nudge nullify nurture
	obey obfuscate oblige observe obsolete obtain occupy offboard onboard open operate opt_in opt_out optimise
	optimize optin optout organise oust outbid overcome overdraw overhaul overrule oversee overwrite pack pair pardon
	park pause pay peel perform permit persist pick place poke postdate postpone pour poweroff poweron praise preempt
	prefer preheat prepare prepay prescribe preselect presell preserve prevent prewarm prioritise prioritize proceed
	proctor procure produce prohibit prolong promote pronounce proofread propagate propose prosecute protect prove
	provide provision provoke prune publish punish purge pursue put qualify quit raise react reactivate readmit
	reallocate reap reassess reassign rebalance rebase rebind rebook reboot rebuild recalculate recall recategorize
	receive recertify recheck reclaim reclassify recommend recompute reconcile reconfigure reconnect reconvene recoup
	recover recreate recruit recuse recycle redact redeem redeliver redeploy redistribute redo reduce reembed reenable
	reencrypt reevaluate refactor refer refinance reflect reform refresh refurbish refuse refute regenerate register
	regrade rehabilitate rehearse rehire rehydrate reimburse reimport reindex reinforce reinitialize reinstall
	reinstate reinvest reinvite reissue reject rejoin relate relaunch relax relieve relinquish relist reload relocate
	remand remaster remediate remind remit remodel remove rename renegotiate renew renumber reopen reorder reorganise
	reorganize repair repartition repatriate repay repeat repel rephrase replace replenish replicate repopulate
	reposition repossess reprice reprimand reprint reprioritize reprocess reprovision republish repurpose requeue
	require rerequest reroute rerun rescale reschedule rescind rescore rescue resell resend reset reshuffle resign
	resize resolve respond restart restate restock restore restrain restrict resubmit resubscribe resume resurrect
	resync resynchronize retain retake retaliate rethink retire retool retract retrain retransmit retrofit retry
	reunite revalidate reverse revert revise revive revoke reweigh rewind rinse roast rollback rollout rollover rollup
	rotate sabotage salvage sanitize satisfy save scatter scold scour scrape scroll sculpt secede secure seek seize
	select sell send separate serve set settle sever sew sharpen shave shelve ship shoot shorten shortlist shred
	shrink shuffle shun shut shutdown sign signin signoff signout signup silence simmer simplify sing sink skip slice
	snooze soak soften solicit solve sow spawn speak specialize specify spellcheck spend spin splice spoil squash
	stabilise stabilize stagger standardize start steal steer sterilize stifle stir stitch stop streamline strengthen
	strip subcontract subdivide sublet submit subscribe substantiate substitute subtract sue summon superimpose
	supersede supervise suppress surpass surrender suspend sustain swear sweep sweeten swim swipe sync synchronise
	synchronize synthesize tag_all tailor taint take tamper teach tear teleport tell terminate thank thaw thicken
	throttle throw tighten toggle tow transact transcode transcribe transform transfuse translate transmit transmute
	transplant transpose traverse treat triage trigger trim troubleshoot truncate tune turn_off turn_on unassign
	unblock unbundle uncheck uncordon undelete undeploy understand underwrite undo unfollow unify uninstall unite
	unlink unload unlock unmask unpack unregister unstake unsubscribe untag unwind update uphold upload upsert upvote
	urge vacate vaccinate vend ventilate verify vet vouch waive wake warm warmup warn wash weaken wean wear weave
	weigh weld whitelist whiten widen win wipe withdraw withhold withstand wrap wrestle write yank zap
`)

// weakVerbs are names of things as well: a request to archive, an archive.
// They are verbs where a thing makes no sense, that is as the last segment of
// a POST behind an id or behind a collection.
var weakVerbs = wordlist.Set(`
	airdrop anchor answer appeal archive arrest audit award backup bid bill blacklist block blur book bookmark boost
	bootstrap bounce break brew broadcast build call capture cascade cast challenge charge chill chop claim cleanup
	coach comment commission commit contest cook copy counsel counter counteroffer crash credit crop cure cut cycle
	debit default delay demand deposit dial direct discharge discount dislike dispute dock double draft drag drain
	draw drill drive dump email embargo escrow exercise face favorite favourite feature fight finance fit fix flag
	flex flip float focus fold follow force fork forward fuel fund fuse gift glue grade grant guard hammer haul hedge
	highlight hit hold host hug interview invoice issue jail jam judge jump kudo land latch launch launder lead lease
	leave let level lift like link load loan lock loop mail map match mention message mint mirror mix monitor mop
	mount offer offset order orient outsource override own paint pass patrol pickup pilot pin pitch plant play pledge
	polish pop post present press print process progress promise prompt pull pump punch purchase push quarantine
	question queue raid rally ramp rank ransom rate read record recount redirect refill refund relay release remark
	remix rent replay reply report repost repurchase request resale reserve return reveal review reward ride ring rip
	roll route run sail sample sanction sandbox scale scan schedule score scrap scratch screen scrub seal season seed
	shadow shake share shield shift shock shout signal skim slash sleep slide slow smooth snap sort spare spike split
	sponsor spray spread spring stack stage stake stall stamp standby staple star stash stock strap stream stretch
	strike study sublease supply support swap swing switch tag tap target tax test timeout tip toast top_up topup toss
	touch tour trace track trade trail train transfer transition transport trap trash trick trust turn tutor tweak
	twist upgrade use vault veto view visit void vote wager waitlist walk warp watch watermark welcome wire witness
	work yield zip zoom
`)

// flagVerbs set a flag: PUT on the segment sets it, DELETE takes it back. The
// inverse stands behind the colon where it is not the verb with un before it.
var flagVerbs = wordlist.Pairs(`
	activate:deactivated archive approve assign attach:detached ban block bookmark close:reopened connect:disconnected
	enable:disabled deactivate:activated disable:enabled disconnect:connected detach:attached
	deprecate:undeprecated favorite favourite feature flag follow freeze hide install:uninstalled join:left like dislike:undisliked
	lock mount mute pause:resumed pin protect publish quarantine read register:deregistered resolve save seal
	share silence snooze star subscribe:unsubscribed suspend trash:restored trust unlock:locked unblock:blocked upvote downvote verify vote watch
	blacklist whitelist
`)

// putVerbs are the weak verbs that PUT or PATCH behind an id does, rather than
// replacing a thing of that name: PUT /projects/{id}/transfer.
var putVerbs = wordlist.Set(`
	capture claim copy drain drop exercise force forward hold launch leave play process refund release repost repurchase
	return split start swap switch test transfer upgrade use
`)

// flagNouns are verbs of those two lists that are things behind a word.
var flagNouns = wordlist.Set(`
	block feature flag mute share silence trash trust vote watch
	capture claim copy exercise hold launch process refund release return split swap test transfer upgrade
`)

// removalVerbs say under DELETE what DELETE says, in a better word.
var removalVerbs = wordlist.Set(`
	abort cancel cleanup clear close decommission deactivate delete deregister destroy detach disable disassociate disconnect
	dismiss dissociate drop evict expire flush forget kill leave logout purge quit reject remove reset revoke
	signout stop terminate unassign unblock unbind undeploy unfollow uninstall unlink unlock
	unpin unpublish unregister unstar unsubscribe untag unwatch wipe withdraw
`)

// readVerbs change nothing; under POST they are queries with a body.
var readVerbs = wordlist.Set(`
	search query export validate preview render estimate calculate simulate lookup compare diff explain
	suggest autocomplete auto_complete typeahead analyze analyse download ping list get find fetch count filter
	aggregate introspect interpolate dry_run dryrun what_if whatif exists describe show check evaluate predict
	parse decode encode tokenize detect recognize recognise format lint graphql gql msearch mget multi_get multi_search browse
	retrieve compute health healthcheck heartbeat echo peek wait forecast markdown markup
	tokenreviews subjectaccessreviews selfsubjectaccessreviews localsubjectaccessreviews selfsubjectrulesreviews
	selfsubjectreviews
	advanced_search full_text_search fulltext_search search_by query_range
`)

// alwaysRead begin a compound that changes nothing: get-users.
var alwaysRead = wordlist.Set(`get find fetch lookup retrieve`)

// readPrefixes begin one unless the rest is the name of things, as in
// list-items: validate-coupon, list-users.
var readPrefixes = wordlist.Set(`list validate calculate estimate compute simulate preview count is has suggest compare analyze analyse`)

// readBefore begin a compound that changes nothing if a singular that is no
// history, job or the like follows: check-availability, export-csv.
var readBefore = wordlist.Set(`check export download query search render evaluate`)

// makers and previews together change nothing: create-preview.
var (
	makers   = wordlist.Set(`create generate make build render request`)
	previews = wordlist.Set(`preview estimate forecast simulation diff`)
)

// nounTails end a compound that is a thing, even if it begins with a verb: a
// change request, an import job.
var nounTails = wordlist.Set(`
	request token job link log history rule policy event code index point key type template url method
	group setting config configuration session list queue order item state status report result task plan
	schedule window field view filter batch file option note cost fee rate limit number label account set
`)

// pureVerbs begin an action whatever follows: send-link, revoke-token.
var pureVerbs = wordlist.Set(`
	send resend revoke rotate generate regenerate cancel approve reject decline accept create remove update edit
	add assign unassign set make mark verify confirm refresh enable disable activate deactivate submit clear
	attach detach get apply complete start stop finish restart close open reopen save modify append reorder unlink
	replace resolve retry recalculate rename replenish reassign subscribe unsubscribe withdraw
	grant award issue redeem consume buy sell
	reset
	change
`)

// particles make another verb of a verb: log in, roll back.
var particles = wordlist.Set(`in out up down on off over back away through forward`)

// complements stay behind their verb: marked_as_read, set_default.
var complements = wordlist.Set(`
	in out up down on off over back away through forward as to for from by at into with without
	self all again now later live done read unread paid unpaid default primary public private ready complete completed
	uncollectible spam important favorite favourite sent delivered seen resolved unresolved active inactive
	available unavailable online offline async manually automatically permanently permanent temporarily immediately individually
	partially fully anonymously remotely locally
`)

// adverbs lead a verb and stay there: force_cancelled.
var adverbs = wordlist.Set(`force soft hard auto admin quick pre cherry live hot cold fast power`)

// manyWords lead a verb and say only that it is done to many.
var manyWords = wordlist.Set(`bulk batch mass multi mark_all`)

// accountVerbs are what a user does to get in and out. Their resource is the
// user, whatever the segments before them are called.
var accountVerbs = wordlist.Set(`
	login log_in logon log_on signin sign_in authenticate logout log_out logoff log_off signout sign_out
	signup sign_up register
`)

// authPlaces name no resource but where users say who they are.
var authPlaces = wordlist.Set(`auth authn authentication`)

// authSegments are the places where accountVerbs live.
var authSegments = wordlist.Set(`auth authn authentication oauth oauth2 session sessions account accounts identity sso iam login user users me public security`)

// verbLikeNouns end like verbs and are things.
var verbLikeNouns = wordlist.Set(`
	private climate estimate template size prize corporate subordinate affiliate certificate candidate conglomerate
	alternate surrogate advocate
	display design overview overdraft detour disorder
`)

// flagsBeforeID are verbs also in front of the id of what they are done to:
// DELETE /users/follow/{user}.
var flagsBeforeID = wordlist.Set(`follow star like favorite favourite mute block ban subscribe watch share`)

// gerunds name the list of what a user follows or watches.
var gerunds = wordlist.Pairs(`following:follow watching:watch`)

// ownFlags name the list of what a user, or a tenant, has flagged.
var ownFlags = wordlist.Pairs(`blocks:block follows:follow likes:like mutes:mute stars:star`)

// canonical are verbs that say no more than the method would have.
var canonical = wordlist.Pairs(`new:created edit:updated modify:updated patch:updated destroy:deleted put:updated change:updated
	post:created forgot:reset_requested`)

// leadingVerbs come first in paths such as /verify/email; other verbs in that
// place are more often namespaces.
var leadingVerbs = wordlist.Set(`
	create add new update edit delete remove import upload send resend verify confirm reset register activate deactivate
	cancel approve reject accept decline submit generate sync start stop enable disable assign unassign subscribe
	unsubscribe invite deploy publish archive revoke refresh purge clear invalidate notify forgot change pay refund
`)

// readNouns are things where nothing else could be the resource.
var readNouns = wordlist.Set(`list filter format find health echo forecast heartbeat diff check count`)

// paramPeople are parameter names that mean a user.
var paramPeople = wordlist.Set(`username login owner user member account_name handle`)

// phrasalVerbs are verbs with a particle that are something else without one.
var phrasalVerbs = wordlist.Set(`check opt log sign back set roll shut turn switch power top clock scale spin tear phase carry hand fill`)

// weakAlone are verbs only where they stand alone: an email verification is a
// thing, as is an order item.
var weakAlone = wordlist.Set(`
	airdrop blur book bounce brew cascade chill chop coach comment cook counsel crop cure default deposit direct
	dump email flex gift glue grade guard hammer hedge hit jail jam jump label level mail message mop note order
	orient patrol pilot pop promise pump raid rally ramp ransom rate remix review sail sandbox score scratch shield
	shock shout skim slide smooth spare spike sponsor spray stake staple stock strap tag timeout toast tour trail
	trap trick tutor veto waitlist warp watermark witness
`)

// fixedNouns are things although their words would make an action.
var fixedNouns = wordlist.Set(`change_request change_log change_set change_order change_event change_history change_notice
	issue_link issue_type issue_template issue_comment issue_label issue_event issue_field issue_property`)
