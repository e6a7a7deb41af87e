// What the pages can do beyond HTML: keep the newest events on screen, count
// the relative times on, keys, the choice of colours. They work without it.

const $ = (selector, root = document) => root.querySelector(selector);
const { zone, now } = document.body.dataset;
const ahead = Date.parse(now) - Date.now(); // of the server's clock before ours

theme();
localZone();
setInterval(countOn, 10_000);
keys();
copyLink();
menus();
if ($('#list[data-live]')) live();

function theme() {
	const dark = matchMedia('(prefers-color-scheme: dark)');
	const button = $('.theme');
	const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light')) === 'dark';
	const apply = (choice) => {
		if (choice) document.documentElement.dataset.theme = choice;
		button.textContent = isDark() ? 'Light' : 'Dark';
	};
	apply(remembered('theme'));
	button.hidden = false;
	button.onclick = () => {
		apply(isDark() ? 'light' : 'dark');
		remember('theme', document.documentElement.dataset.theme);
	};
}

// A browser may refuse to keep anything; then a choice lasts as long as the page.
function remembered(name) {
	try { return localStorage.getItem('activitylog.' + name); } catch { return null; }
}

function remember(name, value) {
	try { localStorage.setItem('activitylog.' + name, value); } catch { /* see remembered */ }
}

// The server cannot know the reader's zone; the browser does.
function localZone() {
	const local = Intl.DateTimeFormat().resolvedOptions().timeZone;
	if (!local || local === zone || local === 'UTC') return;
	const link = $('.local-zone');
	const url = new URL(location.href);
	url.searchParams.set('tz', local);
	link.href = url.href;
	link.textContent = `Show ${local}`;
	link.hidden = false;
}

// The same words as the server's.
function ago(ms) {
	const s = Math.floor(ms / 1000), days = Math.floor(s / 86_400);
	if (s < -60) return 'in the future';
	if (s < 1) return 'now';
	if (s < 60) return `${s} s ago`;
	if (s < 3600) return `${Math.floor(s / 60)} min ago`;
	if (s < 86_400) return `${Math.floor(s / 3600)} h ago`;
	if (days < 2) return '1 day ago';
	if (days < 60) return `${days} days ago`;
	if (days < 730) return `${Math.floor(days / 30)} months ago`;
	return `${Math.floor(days / 365)} years ago`;
}

function countOn() {
	for (const time of document.querySelectorAll('time[datetime]')) {
		const text = ago(Date.now() + ahead - Date.parse(time.dateTime));
		const place = time.parentElement.querySelector('.ago');
		if (place && place.textContent !== text) place.textContent = text;
	}
}

// Single keys can be switched off: speech input and shaky hands press them by
// accident (WCAG 2.1.4).
function keys() {
	const line = $('.keys'), button = $('.keys button');
	let on = remembered('keys') !== 'off';
	const show = () => {
		button.textContent = on ? 'Keys on' : 'Keys off';
		button.setAttribute('aria-pressed', on);
	};
	show();
	line.hidden = false;
	button.onclick = () => {
		on = !on;
		remember('keys', on ? 'on' : 'off');
		show();
	};
	document.addEventListener('keydown', (event) => {
		const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
		if (!on || typing || event.ctrlKey || event.metaKey || event.altKey) return;
		const act = { '/': focusFilter, j: () => step(1), k: () => step(-1) }[event.key];
		if (act?.()) event.preventDefault();
	});
}

function focusFilter() {
	$('#q')?.focus();
	return Boolean($('#q'));
}

function step(by) {
	const links = [...document.querySelectorAll('.open')];
	const row = document.activeElement.closest?.('.event');
	const at = links.findIndex((link) => row?.contains(link));
	const next = links[at < 0 ? 0 : at + by];
	next?.focus();
	return Boolean(next);
}

function copyLink() {
	const button = $('.copy');
	if (!button || !navigator.clipboard) return;
	button.hidden = false;
	button.onclick = async () => {
		const url = new URL($('.actions a').href);
		url.search = zone === 'UTC' ? '' : '?tz=' + encodeURIComponent(zone); // the times as they are seen
		try {
			await navigator.clipboard.writeText(url.href);
			button.textContent = 'Copied';
		} catch {
			button.textContent = 'Not allowed to copy';
		}
		setTimeout(() => { button.textContent = 'Copy link'; }, 2000);
	};
}

// A row's menu closes when the reader goes on to something else.
function menus() {
	const closeOthers = (target) => {
		for (const menu of document.querySelectorAll('.more details[open]')) {
			if (!menu.contains(target)) menu.open = false;
		}
	};
	document.addEventListener('pointerdown', (event) => closeOthers(event.target));
	document.addEventListener('focusin', (event) => closeOthers(event.target));
	document.addEventListener('keydown', (event) => {
		const menu = event.key === 'Escape' && $('.more details[open]');
		if (!menu) return;
		menu.open = false;
		$('summary', menu).focus();
	});
}

// live asks for the page again and again and shows what is new in it. The
// server answers 304 while there is nothing.
function live() {
	const often = 500, seldom = 30_000, patience = 10_000;
	const list = $('#list'), line = $('.live'), text = $('.live-text');
	const pause = $('.pause'), showButton = $('.show'), status = $('[role="status"]');
	const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'medium' });
	let etag, wait = often, timer, paused = false, updated = Date.now(), waiting = null;
	let heard = new Set(rows(list).map(id)), unsaid = 0, saidAt = 0;

	line.hidden = false;
	pause.onclick = () => { paused = !paused; say(); poll(); };
	showButton.onclick = () => { if (waiting) show(waiting); $('.open')?.focus({ preventScroll: true }); scrollTo({ top: 0 }); };
	document.addEventListener('visibilitychange', poll);
	say();
	poll();

	async function poll() {
		clearTimeout(timer);
		if (paused || document.hidden) return;
		const began = Date.now();
		try {
			const answer = await fetch(location.href, {
				cache: 'no-store',
				headers: etag ? { 'If-None-Match': etag } : {},
				signal: AbortSignal.timeout(patience),
			});
			if (answer.status !== 304) {
				if (!answer.ok) throw new Error(answer.statusText);
				const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
				receive($('#list', page));
				etag = answer.headers.get('ETag');
			}
			updated = Date.now();
			wait = often;
		} catch {
			wait = Math.min(wait * 2, seldom);
		}
		say();
		clearTimeout(timer);
		timer = setTimeout(poll, Math.max(wait / 4, wait - (Date.now() - began))); // a slow answer is no reason to be late
	}

	function receive(page) {
		if (!page) throw new Error('not a list');
		const fresh = newRows(page);
		if (fresh.length === 0 && !waiting && sameRows(page)) return;
		if (fresh.length > 0 && busy()) {
			waiting = page;
			const more = fresh.length === rows(page).length ? ' or more' : '';
			const count = `${fresh.length}${more} new ${fresh.length === 1 ? 'event' : 'events'}`;
			showButton.textContent = `${count} — show`;
			showButton.hidden = false;
		} else if (!busy()) {
			show(page);
		}
		announce(fresh.filter((row) => !heard.has(id(row))).length);
		heard = new Set(rows(page).map(id));
	}

	function show(page) {
		const old = rows(list).length > 0;
		for (const row of newRows(page)) if (old) row.classList.add('fresh');
		list.replaceChildren(...page.childNodes);
		waiting = null;
		showButton.hidden = true;
		countOn();
	}

	function id(row) { return row.dataset.id; }

	function rows(root) { return [...root.querySelectorAll('.event')]; }

	function newRows(page) {
		const known = new Set(rows(list).map(id));
		return rows(page).filter((row) => !known.has(id(row)));
	}

	function sameRows(page) {
		const ids = (root) => rows(root).map(id).join();
		return ids(page) === ids(list) && $('.day', page)?.textContent === $('.day', list)?.textContent;
	}

	// busy reports whether a change of the list would take something from
	// under the reader's eyes or hands.
	function busy() {
		const selection = getSelection();
		return list.contains(document.activeElement) || $('details[open]', list) ||
			list.getBoundingClientRect().top < 0 ||
			!selection.isCollapsed && list.contains(selection.anchorNode);
	}

	// Screen readers hear how many, every five seconds at most.
	function announce(count) {
		unsaid += count;
		if (unsaid === 0 || saidAt > Date.now()) return;
		const delay = Math.max(0, saidAt + 5000 - Date.now());
		saidAt = Date.now() + delay;
		setTimeout(() => {
			status.textContent = `${unsaid} new ${unsaid === 1 ? 'event' : 'events'}`;
			unsaid = 0;
		}, delay);
	}

	function say() {
		const lost = wait > often;
		line.classList.toggle('paused', paused);
		line.classList.toggle('lost', lost && !paused);
		pause.textContent = paused ? 'Resume' : 'Pause';
		const last = clock.format(updated + ahead);
		if (paused) text.textContent = `Paused · updated ${last}`;
		else if (lost) text.textContent = `No answer · updated ${last} · asking again every ${Math.round(wait / 1000)} s`;
		else text.textContent = `Live · updated ${last}`;
	}
}
