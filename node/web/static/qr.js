// Words as a QR code, which a camera reads: bytes, error correction L, versions 1 to 10 of ISO/IEC 18004.

const SVG = "http://www.w3.org/2000/svg";
// What stays empty around it, in modules.
const QUIET = 4;
// By version: error correction of a block, and how many blocks there are of so much data, in bytes.
const BLOCKS = [
  [7, [[1, 19]]], [10, [[1, 34]]], [15, [[1, 55]]], [20, [[1, 80]]], [26, [[1, 108]]],
  [18, [[2, 68]]], [20, [[2, 78]]], [24, [[2, 97]]], [30, [[2, 116]]], [18, [[2, 68], [2, 69]]],
];
const ALIGNED = [
  [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50],
];
const MASKS = [
  (x, y) => (x + y) % 2, (_, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];
const bitOf = (value, place) => ((value >>> place) & 1) === 1;

/** The code as an image of this name; null where the words are too long for it. */
export function qrImage(words, name) {
  const rows = qrModules(words);
  if (!rows) return null;
  const size = rows.length + 2 * QUIET;
  const dark = rows.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "")));
  const draw = (tag, values) => {
    const element = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
    return element;
  };
  const image = draw("svg", { class: "qr", role: "img", "aria-label": name, viewBox: `0 0 ${size} ${size}`, "shape-rendering": "crispEdges" });
  // Cameras want dark on light, whatever the page's colours are.
  image.append(draw("rect", { width: size, height: size, fill: "#fff" }), draw("path", { d: dark.join(""), fill: "#000" }));
  return image;
}

/** Rows of modules, true for dark; null where the words are too long. */
export function qrModules(words) {
  const bytes = [...new TextEncoder().encode(words)];
  const version = BLOCKS.findIndex((_, at) => bytes.length + (at < 9 ? 2 : 3) <= roomOf(at)) + 1;
  if (!version) return null;
  const written = interleaved(dataOf(bytes, version), version);
  const drawn = MASKS.map((_, mask) => draw(written, version, mask));
  return drawn.reduce((best, rows) => (penalty(rows) < penalty(best) ? rows : best));
}

function roomOf(at) {
  return BLOCKS[at][1].reduce((sum, [count, size]) => sum + count * size, 0);
}

/** Mode, length, the bytes and what fills them up. */
function dataOf(bytes, version) {
  const bits = [];
  const put = (value, length) => { for (let place = length - 1; place >= 0; place--) bits.push(bitOf(value, place)); };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, 4);
  const data = [];
  for (let at = 0; at < bits.length; at += 8) data.push(bits.slice(at, at + 8).reduce((sum, bit) => sum * 2 + Number(bit), 0));
  const room = roomOf(version - 1);
  for (let pad = 0xec; data.length < room; pad ^= 0xfd) data.push(pad);
  return data.slice(0, room);
}

function interleaved(data, version) {
  const [length, groups] = BLOCKS[version - 1];
  const divisor = divisorOf(length);
  const blocks = [];
  let from = 0;
  for (const [count, size] of groups) {
    for (let each = 0; each < count; each++, from += size) blocks.push(data.slice(from, from + size));
  }
  const checks = blocks.map((block) => remainder(block, divisor));
  const woven = (columns) => Array.from({ length: Math.max(...columns.map((column) => column.length)) },
    (_, at) => columns.filter((column) => at < column.length).map((column) => column[at])).flat();
  return [...woven(blocks), ...woven(checks)];
}

/** In the field of 256 elements by x^8 + x^4 + x^3 + x^2 + 1. */
function times(a, b) {
  let product = 0;
  for (let place = 7; place >= 0; place--) product = (product << 1) ^ ((product >>> 7) * 0x11d) ^ (((b >>> place) & 1) * a);
  return product;
}

function divisorOf(degree) {
  const result = [...Array(degree - 1).fill(0), 1];
  for (let each = 0, root = 1; each < degree; each++, root = times(root, 2)) {
    for (let at = 0; at < degree; at++) result[at] = times(result[at], root) ^ (result[at + 1] ?? 0);
  }
  return result;
}

function remainder(data, divisor) {
  const result = Array(divisor.length).fill(0);
  for (const byte of data) {
    const factor = byte ^ result.shift();
    result.push(0);
    divisor.forEach((each, at) => { result[at] ^= times(each, factor); });
  }
  return result;
}

function draw(written, version, mask) {
  const size = 17 + 4 * version;
  const rows = Array.from({ length: size }, () => Array(size).fill(null));
  const set = (x, y, isDark) => { if (rows[y]?.[x] !== undefined) rows[y][x] = isDark; };
  const square = (x, y, radius, isDark) => {
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  };
  for (let at = 0; at < size; at++) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4, (distance) => distance !== 2 && distance !== 4);
  const places = ALIGNED[version - 1];
  const corners = new Set([`6 6`, `6 ${places.at(-1)}`, `${places.at(-1)} 6`]);
  for (const x of places) for (const y of places) if (!corners.has(`${x} ${y}`)) square(x, y, 2, (distance) => distance !== 1);
  drawFormat(set, size, mask);
  if (version > 6) drawVersion(set, size, version);
  fill(rows, written, MASKS[mask]);
  return rows;
}

/** Level and mask, twice, with the module that is always dark. */
function drawFormat(set, size, mask) {
  const level = (1 << 3) | mask;
  let rest = level;
  for (let each = 0; each < 10; each++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((level << 10) | rest) ^ 0x5412;
  for (let at = 0; at < 15; at++) {
    const isDark = bitOf(bits, at);
    if (at < 8) set(8, at < 6 ? at : at + 1, isDark);
    else set(at < 9 ? 7 : 14 - at, 8, isDark);
    if (at < 8) set(size - 1 - at, 8, isDark);
    else set(8, size - 15 + at, isDark);
  }
  set(8, size - 8, true);
}

function drawVersion(set, size, version) {
  let rest = version;
  for (let each = 0; each < 12; each++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
  for (let at = 0, bits = (version << 12) | rest; at < 18; at++) {
    const [far, near] = [size - 11 + (at % 3), Math.floor(at / 3)];
    set(far, near, bitOf(bits, at));
    set(near, far, bitOf(bits, at));
  }
}

/** What is written goes up and down in columns of two, from the right, around what stands there. */
function fill(rows, written, mask) {
  const size = rows.length;
  let at = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (rows[y][x] !== null) continue;
        const isDark = at < written.length * 8 && bitOf(written[at >>> 3], 7 - (at & 7));
        rows[y][x] = isDark !== (mask(x, y) === 0);
        at++;
      }
    }
  }
}

/** How hard a code is to read: runs and squares of one kind, what looks like a corner, and how uneven it is. */
function penalty(rows) {
  const columns = rows.map((_, x) => rows.map((row) => row[x]));
  const lines = [...rows, ...columns].map((line) => line.map(Number).join(""));
  const runs = lines.flatMap((line) => line.match(/0{5,}|1{5,}/g) ?? []).reduce((sum, run) => sum + run.length - 2, 0);
  const corners = lines.reduce((sum, line) => sum + (line.match(/(?=00001011101|10111010000)/g) ?? []).length * 40, 0);
  let squares = 0;
  for (let y = 1; y < rows.length; y++) {
    for (let x = 1; x < rows.length; x++) {
      const sum = rows[y][x] + rows[y - 1][x] + rows[y][x - 1] + rows[y - 1][x - 1];
      if (sum % 4 === 0) squares += 3;
    }
  }
  const share = rows.flat().filter(Boolean).length / rows.length ** 2;
  return runs + corners + squares + 10 * Math.floor(Math.abs(share * 20 - 10));
}
