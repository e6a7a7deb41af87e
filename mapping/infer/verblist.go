package infer

// strongVerbs are hardly ever the name of a resource: as the last segment of
// a POST, PUT or PATCH they say what is done.
var strongVerbs = set(`
	abandon abort accept accredit acknowledge ack acquire activate add adjust admit adopt advance allocate allow
	amend annotate annul anonymize anonymise append apply appoint approve arm ascertain assign assume attach
	authenticate authorize authorise
	ban begin bind boot buy bypass
	calibrate cancel categorize categorise certify change checkin choose clarify classify clean cleanse clear close collect
	combine compact compensate complete compress condemn configure confirm connect consolidate consume continue convert
	correct create cull curate customize
	deactivate decide declare decline decommission decompress decrease decrement decrypt dedupe deduplicate deescalate
	defer defrag defragment degrade delete deliver demote deny deploy deprecate deprioritize deprovision
	deregister derive deselect designate destroy detach determine devalue disable disarm
	discard disconnect discontinue dismiss dispatch dispense dispose disprove dissociate dissolve
	distribute divide downgrade drop
	earn edit eject elect elevate empty enable encrypt end endorse engage enlist enqueue enrich enroll enrol ensure
	enter eradicate escalate establish evacuate evict exchange exclude exec execute exempt exit expand expedite
	expel expire exonerate
	facilitate fail failover fill finalize finalise finish flush foreclose forfeit forget forgive freeze fulfill fulfil
	generate give go_live
	halt handle hibernate hide hire
	identify ignore impersonate implement import increase increment infect ingest inherit init initialize initialise initiate
	inject insert install instantiate instruct integrate interrupt introduce invalidate invite invoke isolate
	join
	kick kill
	liquidate login logoff logon logout lower
	maintain manufacture mark mature merge migrate modify move mute
	negotiate nominate normalize notarize notify nullify
	obsolete offboard onboard open optimize optimise opt_in opt_out overwrite
	pair pardon park pay perform permit persist pick place poweroff poweron prepare prepay prioritize prioritise proceed promote
	propose provision prune publish purge pursue put
	qualify quit
	raise react reactivate readmit reallocate reassess reassign rebalance rebook reboot rebuild recalculate recall
	recategorize receive recertify reclaim reclassify recommend recompute reconcile reconfigure reconnect reconvene recover
	recreate recycle redeem redeliver redeploy redistribute redo reduce reembed reenable reencrypt reevaluate refer refinance
	refresh refuse regenerate register regrade rehire rehydrate reimburse reimport reindex reinitialize reinstall reinstate
	reinvite reissue reject rejoin reload relocate remediate remind remove rename renegotiate renew reopen
	reorder reorganize repair repay repeat rephrase replace replenish repopulate reposition reprioritize reprocess reprovision republish
	requeue rerequest rerun reschedule rescind rescore resend reset reshuffle resign resize resolve respond restart restock restore
	restrict resubmit resubscribe resync resynchronize retake retire retract retrain retransmit retry reunite revalidate revert revise
	revive revoke reweigh rollback rollout rotate
	sanitize save select sell send separate serve set settle ship shorten shutdown shuffle sign signin signoff
	signout signup silence simplify skip solve spawn specialize specify stabilize standardize start steal stop strip subscribe
	submit substantiate summon suppress suspend sync synchronize synchronise
	tag_all take teach terminate throttle toggle transcode transcribe transform transmit transpose treat trim truncate
	turn_off turn_on
	unassign unblock undelete undeploy undo uninstall unite unify unlink unlock unregister unsubscribe untag update
	upsert upvote downvote
	vacate verify
	waive wake warn whitelist withdraw withhold wipe write
	adjudicate arbitrate accrue backfill borrow bump cite collate compile confiscate contribute debrief decant
	dedicate defend delist demolish depart deplete depreciate detain diagnose dilute disburse disenroll disqualify
	embed emit encash enforce engrave erase expose furnish gather harvest heal incinerate incubate inspect intercept
	irrigate itemize levy measure mend mobilize narrate occupy outbid overdraw overhaul pack peel preheat preserve
	prosecute punish reap rebind relist remit repossess reprint reroute rescale resume roast salvage scatter shred
	slice sow sterilize stir sublet supersede supervise swipe synthesize thaw tow transplant triage unload unpack
	vaccinate vet wash weld
	forgot make
	lapse hangup cordon uncordon proctor
`)

// weakVerbs are names of things as well: a request to archive, an archive.
// They are verbs where a thing makes no sense, that is as the last segment of
// a POST behind an id or behind a collection.
var weakVerbs = set(`
	acquit answer appeal archive arrest audit award
	backup bake bid bill block blacklist bookmark boost break broadcast build burn
	call capture cast catch challenge charge checkout cherry_pick claim clone comment commit conclude contest copy counter counteroffer credit cut
	dock debit delegate demand discharge disclose discount dislike dispute donate double draft drain draw drill drive duplicate
	email embargo exercise extend extract
	face favorite favourite feature fight finance fix flag fling follow force fork forward fuel fund
	grade grant graduate greet
	hold hug
	invoice issue
	judge
	kudo
	label_now launch lead leave lease lend let level lift like load lock loan
	mail map match mention message mint mirror mount
	nudge
	offer operate order outsource override own
	pause pin play pledge poke post postpone power_cycle praise preempt press print process produce progress prompt protect pull punch purchase push
	quarantine queue question
	rate read recount record recruit redirect refill refund release remark rent replay reply report repost repurchase request resale rescue reserve
	return reveal reverse review reward ring rip roll route run
	sanction scale scan schedule score scrap screen scrub seal season seed seek seize shadow share shift signal sleep snooze sort
	spend spin split spoil stage stamp standby star stash steer stitch stock stream strike study sublease substitute supply support surrender swap
	switch
	tag tap target tax terminate test throw tip top_up topup touch trace track trade train transfer transition translate transport trash trigger trust tune
	turn
	underwrite unfollow upgrade upload use
	view visit void vote
	wager walk watch weigh withdraw wrap
	zap zip
	commission dock flip host interview land monitor paint plant polish rank stack wire
`)

// flagVerbs set a flag: PUT on the segment sets it, DELETE takes it back. The
// inverse stands behind the colon where it is not the verb with un before it.
var flagVerbs = pairs(`
	activate:deactivated archive approve assign attach:detached ban block bookmark close:reopened connect:disconnected
	enable:disabled deactivate:activated disable:enabled disconnect:connected detach:attached
	deprecate:undeprecated favorite favourite feature flag follow freeze hide install:uninstalled join:left like dislike:undisliked
	lock mount mute pause:resumed pin protect publish quarantine read register:deregistered resolve save seal
	share silence snooze star subscribe:unsubscribed suspend trash:restored trust unlock:locked unblock:blocked upvote downvote verify vote watch
	blacklist whitelist
`)

// removalVerbs say under DELETE what DELETE says, in a better word.
var removalVerbs = set(`
	abort cancel cleanup clear close decommission deactivate delete deregister destroy detach disable disassociate disconnect
	dismiss dissociate drop evict expire flush forget kill leave logout purge quit reject remove reset revoke
	signout stop suspend terminate unassign unblock unbind undeploy unfollow uninstall unlink unlock
	unpin unpublish unregister unstar unsubscribe untag unwatch wipe withdraw
`)

// readVerbs change nothing; under POST they are queries with a body.
var readVerbs = set(`
	search query export validate preview render estimate calculate simulate lookup compare diff explain
	suggest autocomplete auto_complete typeahead analyze analyse download ping list get find fetch count filter
	aggregate introspect interpolate dry_run dryrun what_if whatif exists describe show check evaluate predict
	parse decode encode tokenize format lint graphql gql msearch mget multi_get multi_search browse
	retrieve compute health healthcheck heartbeat echo peek forecast markdown markup
	advanced_search full_text_search fulltext_search search_by query_range
`)

// alwaysRead begin a compound that changes nothing: get-users.
var alwaysRead = set(`get find fetch lookup retrieve`)

// readPrefixes begin one unless the rest is the name of things, as in
// list-items: validate-coupon, list-users.
var readPrefixes = set(`list validate calculate estimate compute simulate preview count is has suggest compare analyze analyse`)

// readBefore begin a compound that changes nothing if a singular that is no
// history, job or the like follows: check-availability, export-csv.
var readBefore = set(`check export download query search render evaluate`)

// nounTails end a compound that is a thing, even if it begins with a verb: a
// change request, an import job.
var nounTails = set(`
	request token job link log history rule policy event code index point key type template url method
	group setting config configuration session list queue order item state status report result task plan
	schedule window field view filter batch file option note cost fee rate limit number label account set
`)

// pureVerbs begin an action whatever follows: send-link, revoke-token.
var pureVerbs = set(`
	send resend revoke rotate generate regenerate cancel approve reject decline accept create remove update edit
	add assign unassign set make mark verify confirm refresh enable disable activate deactivate submit clear
	attach detach get apply complete start stop finish restart close open reopen save modify append reorder unlink
	replace resolve retry recalculate rename replenish reassign subscribe unsubscribe withdraw
	grant award issue redeem consume buy sell
	reset
	change
`)

// particles make another verb of a verb: log in, roll back.
var particles = set(`in out up down on off over back away through forward`)

// complements stay behind their verb: marked_as_read, set_default.
var complements = set(`
	in out up down on off over back away through forward as to for from by at into with without
	self all again now later live done read unread paid unpaid default primary public private ready complete completed
	uncollectible spam important favorite favourite sent delivered seen resolved unresolved active inactive
	available unavailable async manually automatically permanently permanent temporarily immediately individually
	partially fully anonymously remotely locally
`)

// adverbs lead a verb and stay there: force_cancelled.
var adverbs = set(`force soft hard auto admin quick pre`)

// manyWords lead a verb and say only that it is done to many.
var manyWords = set(`bulk batch mass multi mark_all`)

// accountVerbs are what a user does to get in and out. Their resource is the
// user, whatever the segments before them are called.
var accountVerbs = set(`
	login log_in logon log_on signin sign_in authenticate logout log_out logoff log_off signout sign_out
	signup sign_up register
`)

// authSegments are the places where accountVerbs live.
var authSegments = set(`auth authn authentication oauth oauth2 session sessions account accounts identity sso iam login user users me public security`)

// verbLikeNouns end like verbs and are things.
var verbLikeNouns = set(`private climate estimate template size prize corporate delegate subordinate coordinate private
	affiliate certificate candidate conglomerate aggregate alternate corporate surrogate advocate moderate generate`)

// flagsBeforeID are verbs also in front of the id of what they are done to:
// DELETE /users/follow/{user}.
var flagsBeforeID = set(`follow star like favorite favourite mute block ban subscribe watch`)

// gerunds name the list of what a user follows or watches.
var gerunds = pairs(`following:follow watching:watch`)

// canonical are verbs that say no more than the method would have.
var canonical = pairs(`new:created edit:updated modify:updated patch:updated destroy:deleted put:updated change:updated
	post:created forgot:reset_requested`)

// leadingVerbs come first in paths such as /verify/email; other verbs in that
// place are more often namespaces.
var leadingVerbs = set(`
	create add new update edit delete remove import upload send resend verify confirm reset register activate deactivate
	cancel approve reject accept decline submit generate sync start stop enable disable assign unassign subscribe
	unsubscribe invite deploy publish archive revoke refresh purge clear invalidate notify forgot change pay refund
`)

// readNouns are things where nothing else could be the resource.
var readNouns = set(`list filter format find health echo forecast heartbeat download export diff check count`)

// paramPeople are parameter names that mean a user.
var paramPeople = set(`username login owner user member account_name handle`)

// phrasalVerbs are verbs with a particle that are something else without one.
var phrasalVerbs = set(`check opt log sign back set roll shut turn switch power top clock scale spin tear phase carry hand fill`)

// weakAlone are verbs only where they stand alone: an email verification is a
// thing, as is an order item.
var weakAlone = set(`email mail tag comment message stock review order grade rate score note level label`)

// fixedNouns are things although their words would make an action.
var fixedNouns = set(`change_request change_log change_set change_order change_event change_history change_notice`)
