// What the browser tests share: the server, the browser, pages that complain.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nodeTest from 'node:test';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The address of the server, without a slash at its end. */
export let url;
let browser, program, server, folder;

/** launch starts the server of the sample logs and the browser. */
export async function launch() {
	folder = mkdtempSync(join(tmpdir(), 'activitylog-e2e-'));
	const serve = join(folder, 'serve');
	execFileSync('go', ['build', '-o', serve, './viewer/internal/serve'], { cwd: new URL('../..', import.meta.url), stdio: 'inherit' });
	server = spawn(serve, { stdio: ['pipe', 'pipe', 'inherit'] });
	url = await new Promise((resolve, reject) => {
		server.stdout.once('data', (line) => resolve(String(line).trim()));
		server.once('exit', () => reject(new Error('the server ended')));
	});
	program = await chromium.launchServer({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
			'--disable-background-networking', '--disable-component-update', '--disable-sync'],
	});
	browser = await chromium.connect(program.wsEndpoint());
	return browser;
}

/**
 * stop ends what launch started. Chromium is killed: asked to close, it may
 * never end, and Playwright waits for it without a limit.
 */
export async function stop() {
	await program?.kill();
	server?.stdin.end(); // the server ends with its input
	if (folder) rmSync(folder, { recursive: true });
}

/** test is a test of node's that fails after a minute; a page's script may wait for ever. */
export const test = (name, run) => nodeTest(name, { timeout: 60_000 }, run);

/**
 * open opens a page and, when the test ends, closes it and fails if it broke
 * the content security policy, threw or logged an error.
 */
export async function open(t, path, options = {}) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'UTC', ...options });
	const page = await context.newPage();
	const complaints = [];
	page.on('pageerror', (error) => complaints.push(`uncaught: ${error}`));
	page.on('dialog', (dialog) => { complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
	page.on('console', (message) => {
		const wanted = page.expectsErrors && message.text().startsWith('Failed to load resource');
		if (['error', 'warning'].includes(message.type()) && !wanted) complaints.push(`console: ${message.text()}`);
	});
	t.after(async () => {
		await context.close();
		assert.deepEqual(complaints, [], 'what the browser complained of');
	});
	page.expectsErrors = options.status >= 400;
	const answer = await page.goto(url + path);
	assert.equal(answer.status(), options.status ?? 200, path);
	return page;
}

/** audit fails if axe finds anything wrong with the page. */
export async function audit(page, what) {
	await page.evaluate(axe);
	const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
	}));
	const found = violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.html.slice(0, 160) + ' ' + n.failureSummary).join(' | ')}`);
	assert.deepEqual(found, [], what);
	assert.ok(passes.length > 15, `${what}: axe checked only ${passes.length} rules`);
}

/** append adds an event to the log at /, or to another one, and returns its sentence. */
export async function append(to = '') {
	const answer = await fetch(`${url}/append/${to}`, { method: 'POST' });
	assert.equal(answer.status, 200);
	return answer.text();
}

/** fits fails if the page is wider than its window. */
export async function fits(page, what) {
	const [needs, has] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
	assert.ok(needs <= has, `${what} needs ${needs} px and has ${has}`);
}
