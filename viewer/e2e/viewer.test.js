// The viewer in a real browser. Run: npm ci --ignore-scripts && node --test

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { append, audit, fits, launch, open, stop, test, url } from './harness.js';

before(launch, { timeout: 300_000 }); // it builds the server
after(stop, { timeout: 60_000 });

const screens = [
	['list', '/', 200],
	['filtered list', '/?q=actor:usr_ann+-event:org.api_key:*+last:7d&tz=Europe/Kyiv', 200],
	['no match', '/?q=actor:nobody', 200],
	['empty store', '/empty/', 200],
	['bad query', '/?q=actr:usr_ann', 400],
	['hostile events', '/hostile/', 200],
	['store down', '/down/', 503],
	['not found', '/events/nonsense', 404],
];

for (const colorScheme of ['light', 'dark']) {
	for (const [name, path, status] of screens) {
		test(`axe: ${name}, ${colorScheme}`, async (t) => {
			const page = await open(t, path, { colorScheme, status });
			await audit(page, name);
		});
	}
	test(`axe: everything unfolded, ${colorScheme}`, async (t) => {
		const page = await open(t, '/', { colorScheme });
		for (const summary of await page.locator('.panel > summary').all()) await summary.click();
		await page.locator('.more summary').nth(1).click();
		await audit(page, 'list');
	});
	test(`axe: event, ${colorScheme}`, async (t) => {
		const page = await open(t, '/?q=event:org.member:updated', { colorScheme });
		await page.locator('.open').first().click();
		await page.getByText('Raw JSON').click();
		await audit(page, 'event');
	});
}

test('the switch of colours overrules the system and is remembered', async (t) => {
	const page = await open(t, '/', { colorScheme: 'light' });
	const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const light = await ground();
	await page.getByRole('button', { name: 'Dark' }).click();
	assert.notEqual(await ground(), light);
	await audit(page, 'switched to dark');
	await page.reload();
	assert.notEqual(await ground(), light);
	await page.getByRole('button', { name: 'Light' }).click();
	assert.equal(await ground(), light);
});

test('hostile values stay text', async (t) => {
	const page = await open(t, '/hostile/');
	const count = await page.locator('.event').count();
	assert.equal(count, 6);
	for (let i = 0; i < count; i++) {
		await page.locator('.open').nth(i).hover();
		await page.locator('.open').nth(i).click();
		await page.getByText('Raw JSON').click();
		const foreign = await page.evaluate(() => document.querySelectorAll('img, script:not([src*="/assets/viewer."]), [onload], [onerror], [onmouseover]').length);
		assert.equal(foreign, 0, `event ${i}`);
		for (const only of await page.locator('.narrow a').all()) {
			const href = await only.evaluate((a) => a.href);
			assert.ok(href.startsWith(`${url}/hostile/?q=`), href);
		}
		await page.goto(url + '/hostile/');
	}
});

test('works without JavaScript', async (t) => {
	const page = await open(t, '/', { javaScriptEnabled: false });
	assert.equal(await page.locator('.event').count(), 50);
	assert.ok(await page.getByRole('button', { name: 'Pause' }).isHidden());

	await page.getByRole('link', { name: 'Older' }).click();
	assert.ok(await page.locator('.event').count() >= 4);
	await page.getByRole('link', { name: 'Newest' }).click();
	assert.equal(page.url(), url + '/');

	await page.getByText('More filters').click();
	await page.getByRole('checkbox', { name: 'Denied' }).check();
	await page.getByRole('checkbox', { name: 'Failed' }).check();
	await page.getByRole('textbox', { name: 'Tenant' }).fill('acme');
	await page.getByRole('button', { name: 'Apply' }).click();
	assert.equal(page.url(), url + '/?q=outcome:denied,failure+tenant:acme');
	assert.equal(await page.locator('#q').inputValue(), 'outcome:denied,failure tenant:acme');

	await page.getByText('More filters').click();
	await page.getByRole('checkbox', { name: 'Failed' }).uncheck();
	await page.getByRole('button', { name: 'Apply' }).click();
	assert.equal(page.url(), url + '/?q=outcome:denied+tenant:acme');

	await page.locator('.more summary').first().click();
	await page.getByRole('link', { name: /^Exclude Actor/ }).first().click();
	assert.match(page.url(), /q=-actor:\w+\+outcome:denied\+tenant:acme$/);

	await page.locator('.open').first().click();
	assert.match(await page.locator('h1').innerText(), /tried to/);
	await page.getByRole('link', { name: 'Back to the list' }).click();
	await page.getByRole('link', { name: /^Remove filter tenant/ }).click();
	await page.getByRole('link', { name: 'Clear all' }).click();
	assert.equal(page.url(), url + '/');
});

test('a new event is on screen within a second', async (t) => {
	const page = await open(t, '/');
	await page.getByText('Live · updated').waitFor();
	for (let i = 0; i < 3; i++) {
		const sentence = await append();
		await page.locator('.event.fresh .open', { hasText: sentence }).waitFor({ timeout: 1000 });
	}
	await page.locator('[role=status]', { hasText: /new event/ }).waitFor({ state: 'attached' });
	await audit(page, 'list with new events');
});

test('the first event takes the place of the hint', async (t) => {
	const page = await open(t, '/first/');
	await page.getByText('No activity yet').waitFor();
	const sentence = await append('first');
	await page.locator('.open', { hasText: sentence }).waitFor();
	assert.ok(await page.getByText('No activity yet').isHidden());
});

test('new events wait while the reader is in the list', async (t) => {
	const page = await open(t, '/');
	await page.getByText('Live · updated').waitFor();
	const first = await page.locator('.open').first().innerText();
	await page.locator('.open').nth(2).focus();
	const sentence = await append();
	await page.getByRole('button', { name: '1 new event — show' }).waitFor();
	await append();
	await page.getByRole('button', { name: '2 new events — show' }).waitFor();
	assert.equal(await page.locator('.open').first().innerText(), first);
	await page.getByRole('button', { name: '2 new events — show' }).click();
	await page.locator('.event.fresh .open', { hasText: sentence }).waitFor();
	assert.ok(await page.locator('.show').isHidden());
});

test('new events wait while the reader selects text', async (t) => {
	const page = await open(t, '/');
	await page.getByText('Live · updated').waitFor();
	await page.locator('.when time').nth(3).dblclick();
	const sentence = await append();
	await page.getByRole('button', { name: '1 new event — show' }).waitFor();
	assert.equal(await page.locator('.open', { hasText: sentence }).count(), 0);
	assert.notEqual(await page.evaluate(() => String(getSelection())), '');
});

test('pause stops and resume goes on', async (t) => {
	const page = await open(t, '/');
	await page.getByRole('button', { name: 'Pause' }).click();
	await page.getByText('Paused · updated').waitFor();
	const sentence = await append();
	await page.getByRole('button', { name: 'Resume' }).click();
	await page.locator('.open', { hasText: sentence }).waitFor();
});

test('a server that does not answer is said, and asked again', async (t) => {
	const page = await open(t, '/');
	page.expectsErrors = true;
	await page.getByText('Live · updated').waitFor();
	await page.route('**/*', (route) => route.abort());
	await page.getByText('No answer · updated').waitFor();
	await page.unroute('**/*');
	const sentence = await append();
	await page.locator('.open', { hasText: sentence }).waitFor();
	await page.getByText('Live · updated').waitFor();
});

test('by keyboard alone', async (t) => {
	const page = await open(t, '/');
	const focused = () => page.evaluate(() => document.activeElement.textContent.trim() || document.activeElement.id);
	await page.keyboard.press('Tab');
	assert.equal(await focused(), 'Skip to the content');
	await page.keyboard.press('/');
	assert.equal(await focused(), 'q');
	await page.keyboard.type('event:org.member:updated outcome:success');
	await page.keyboard.press('Enter');
	await page.waitForURL('**/?q=event:org.member:updated+outcome:success');
	await page.keyboard.press('j');
	await page.keyboard.press('j');
	const sentence = await focused();
	await page.keyboard.press('k');
	await page.keyboard.press('j');
	assert.equal(await focused(), sentence);
	const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
	assert.equal(outline, 'solid', 'the focus is to be seen');
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/events\//);
	assert.equal(await page.locator('h1').innerText(), sentence);

	await page.goBack();
	await page.getByRole('button', { name: 'Keys on' }).click();
	await page.keyboard.press('/');
	assert.equal(await focused(), 'Keys off', 'keys that are off do nothing');
});

test('a row menu opens, closes and leads on', async (t) => {
	const page = await open(t, '/');
	const menu = page.locator('.more details').first();
	await menu.locator('summary').click();
	await page.keyboard.press('Escape');
	assert.equal(await menu.getAttribute('open'), null);
	await menu.locator('summary').click();
	await menu.getByRole('link', { name: /^Only Tenant/ }).click();
	await page.waitForURL('**/?q=tenant:*');
});

test('a wrong query is kept, underlined and put right', async (t) => {
	const page = await open(t, '/');
	page.expectsErrors = true;
	await page.locator('#q').fill('outcome:denied actr:usr_eve');
	await page.getByRole('button', { name: 'Search' }).click();
	assert.equal(await page.locator('#q').inputValue(), 'outcome:denied actr:usr_eve');
	assert.equal(await page.locator('#q').getAttribute('aria-invalid'), 'true');
	assert.equal(await page.locator('.echo u').innerText(), 'actr');
	assert.match(await page.locator('.echo u').evaluate((u) => getComputedStyle(u).textDecorationLine), /underline/);
	await page.getByRole('link', { name: 'actor', exact: true }).click();
	assert.equal(page.url(), url + '/?q=actor:usr_eve+outcome:denied');
	assert.ok(await page.locator('.event').count() > 0);
});

test('the way back keeps the filters', async (t) => {
	const asked = url + '/?q=actor:usr_ann+last:7d&tz=Asia/Tokyo';
	const page = await open(t, '/?q=actor:usr_ann+last:7d&tz=Asia/Tokyo');
	await page.locator('.open').first().click();
	await page.waitForURL(/\/events\//);
	await page.goBack();
	assert.equal(page.url(), asked);
	await page.locator('.open').first().click();
	await page.getByRole('link', { name: 'Back to the list' }).click();
	assert.equal(page.url(), asked);
	assert.equal(await page.locator('#q').inputValue(), 'actor:usr_ann last:7d');
});

test('the browser offers its own time zone', async (t) => {
	const page = await open(t, '/?q=actor:usr_ann', { timezoneId: 'Asia/Tokyo' });
	await page.getByRole('link', { name: 'Show Asia/Tokyo' }).click();
	assert.equal(page.url(), url + '/?q=actor:usr_ann&tz=Asia/Tokyo');
	await page.getByText('UTC+9').waitFor();
	await page.getByRole('link', { name: 'Show UTC' }).click();
	assert.equal(page.url(), url + '/?q=actor:usr_ann');
});

for (const width of [360, 390, 768, 1024, 1280]) {
	test(`nothing is cut at ${width} px`, async (t) => {
		const page = await open(t, '/', { viewport: { width, height: 800 } });
		page.expectsErrors = true;
		await fits(page, 'list');
		for (const summary of await page.locator('.panel > summary').all()) await summary.click();
		await fits(page, 'list with filters');
		await page.locator('.more summary').nth(3).click();
		await fits(page, 'list with a menu');
		await page.goto(url + '/?q=event:org.member:updated+outcome:success');
		await page.locator('.open').first().click();
		await page.getByText('Raw JSON').click();
		await fits(page, 'event');
		for (const path of ['/hostile/', '/empty/', '/down/', '/?q=actr:usr_ann', '/?q=actor:' + 'x'.repeat(300)]) {
			await page.goto(url + path);
			await fits(page, path);
		}
		await page.goto(url + '/hostile/');
		await page.locator('.open').nth(3).click();
		await fits(page, 'hostile event');
	});
}

test('prints without what is of no use on paper', async (t) => {
	const page = await open(t, '/?q=actor:usr_ann');
	await page.emulateMedia({ media: 'print' });
	assert.ok(await page.locator('.open').first().isVisible());
	for (const useless of ['.presets', '.pager', '.more', '.live', '.foot']) {
		assert.ok(!await page.locator(useless).first().isVisible().catch(() => false), useless);
	}
});
