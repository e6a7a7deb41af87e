// Takes the pictures of docs/images. Run: node pictures.js

import { launch, stop, url } from './harness.js';

const browser = await launch();

async function picture(name, path, colorScheme, height, prepare = () => {}) {
	const page = await browser.newPage({ viewport: { width: 1280, height }, colorScheme, timezoneId: 'UTC' });
	await page.goto(url + path);
	await prepare(page);
	await page.getByText('Live · updated').or(page.getByText('Copy link')).first().waitFor();
	await page.screenshot({ path: new URL(`../../docs/images/${name}.png`, import.meta.url).pathname });
	await page.close();
}

await picture('viewer-list', '/', 'light', 660);
await picture('viewer-list-dark', '/', 'dark', 660);
await picture('viewer-detail', '/?q=event:org.member:updated+outcome:success', 'light', 1080, (page) => page.locator('.open').first().click());
await stop();
