/**
 * A Vulkan driver in software for the WebGPU tests: Mesa's lavapipe of the distribution's backports, unpacked to a
 * cache of ours and named by VK_DRIVER_FILES, so that the machine's own Mesa stays as it is (Debian 12's finds no
 * adapter for Dawn). Else SwiftShader, which comes with Chromium. Plain JavaScript, as it runs before anything is
 * installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../src/build/setup.mjs';

const cache = path.join(root, '.cache', 'lavapipe');
const driver = path.join(cache, 'driver.json');
const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Unpacks lavapipe once; says what it does, and why where it cannot. */
export function installSoftwareVulkan() {
  if (process.platform !== 'linux' || process.env['VK_DRIVER_FILES'] || existsSync(driver)) return;
  process.stdout.write('Unpacking a software Vulkan driver (lavapipe) ...\n');
  const problem = unpackLavapipe();
  if (problem === null) return;
  rmSync(cache, { recursive: true, force: true });
  const instead = existsSync(swiftShader)
    ? 'SwiftShader is used instead'
    : 'tests that need a GPU will say so';
  process.stdout.write(`lavapipe: ${problem}; ${instead}.\n`);
}

/** What a process needs in its environment to find a driver: the one that is named already, or ours. */
export function vulkanEnvironment() {
  const { VK_DRIVER_FILES, LD_LIBRARY_PATH } = process.env;
  if (VK_DRIVER_FILES) return { VK_DRIVER_FILES, ...(LD_LIBRARY_PATH && { LD_LIBRARY_PATH }) };
  if (!existsSync(driver)) return existsSync(swiftShader) ? { VK_DRIVER_FILES: swiftShader } : {};
  const libraries = path.dirname(JSON.parse(readFileSync(driver, 'utf8')).ICD.library_path);
  const others = process.env['LD_LIBRARY_PATH'];
  return {
    VK_DRIVER_FILES: driver,
    LD_LIBRARY_PATH: others ? `${libraries}:${others}` : libraries,
  };
}

/** Why it could not be done, or null. */
function unpackLavapipe() {
  const release = readIfThere('/etc/os-release');
  const [, codename] = /^VERSION_CODENAME=(\w+)$/m.exec(release) ?? [];
  const source = /^ID=debian$/m.test(release) ? mirror() : undefined;
  if (codename === undefined || source === undefined) return 'only Debian is known to have it';
  const backports = `${codename}-backports`;
  for (const folder of ['lists/partial', 'archives/partial', 'root']) {
    mkdirSync(path.join(cache, folder), { recursive: true });
  }
  const list = path.join(cache, 'sources.list');
  const signed = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';
  const suites = [codename, backports].map((suite) => `deb ${signed} ${source} ${suite} main`);
  writeFileSync(list, `${suites.join('\n')}\n`);
  // Lists and archives of our own: nothing of the system's package state is touched, nothing installed.
  const options = [
    `Dir::Etc::sourcelist=${list}`,
    'Dir::Etc::sourceparts=/nonexistent',
    `Dir::State::lists=${path.join(cache, 'lists')}`,
    `Dir::Cache=${cache}`,
    `Dir::Cache::archives=${path.join(cache, 'archives')}`,
    'Debug::NoLocking=1',
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  const apt = (...args) => run('apt-get', ['-qq', ...options, ...args]);
  if (!apt('update')) return 'apt-get update failed';
  const wanted = ['mesa-vulkan-drivers', 'libvulkan1'];
  const flags = ['-y', '--download-only', '--no-install-recommends', '-t', backports];
  if (!apt('install', ...flags, ...wanted)) return `${backports} does not give it`;
  return unpack();
}

function unpack() {
  const archives = path.join(cache, 'archives');
  const target = path.join(cache, 'root');
  for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb'))) {
    if (!run('dpkg-deb', ['-x', path.join(archives, name), target])) return `${name} is damaged`;
  }
  for (const folder of ['archives', 'lists']) rmSync(path.join(cache, folder), { recursive: true });
  const drivers = path.join(target, 'usr/share/vulkan/icd.d');
  const name = existsSync(drivers) && readdirSync(drivers).find((file) => file.startsWith('lvp'));
  if (!name) return 'the package has no lavapipe';
  const icd = JSON.parse(readFileSync(path.join(drivers, name), 'utf8'));
  const library = path.basename(icd.ICD.library_path);
  const folder = readdirSync(path.join(target, 'usr/lib'))
    .map((entry) => path.join(target, 'usr/lib', entry))
    .find((entry) => existsSync(path.join(entry, library)));
  if (folder === undefined) return `${library} is not in the package`;
  icd.ICD.library_path = path.join(folder, library);
  writeFileSync(driver, JSON.stringify(icd));
  return null;
}

/** Where this machine gets its packages from. */
function mirror() {
  const modern = /^URIs:\s*(\S+)/m.exec(readIfThere('/etc/apt/sources.list.d/debian.sources'));
  const classic = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)/m.exec(readIfThere('/etc/apt/sources.list'));
  return (modern ?? classic)?.[1];
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function run(program, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(program, args, { stdio: ['ignore', 'ignore', 'ignore'], env }).status === 0;
}
