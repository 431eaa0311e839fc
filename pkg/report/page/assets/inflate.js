// Blocks of tables: base64, gzip, JSON.

function fromBase64(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// unpack makes the rows of a block. Browsers without DecompressionStream inflate by hand.
async function unpack(text) {
  const bytes = fromBase64(text);
  if (typeof DecompressionStream === "undefined") return JSON.parse(new TextDecoder().decode(gunzip(bytes)));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

// gunzip inflates a gzip stream without optional fields: RFC 1952 around RFC 1951.
function gunzip(bytes) {
  const size = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0, true);
  return inflate(bytes.subarray(10, bytes.length - 8), new Uint8Array(size));
}

const lengthBase = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBase = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const distanceBits = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

// huffman is a canonical code: how many codes there are of each length, and their symbols.
function huffman(lengths) {
  const counts = new Uint16Array(16), offsets = new Uint16Array(16), symbols = new Uint16Array(lengths.length);
  for (const l of lengths) counts[l]++;
  counts[0] = 0;
  for (let i = 1; i < 16; i++) offsets[i] = offsets[i - 1] + counts[i - 1];
  lengths.forEach((l, symbol) => { if (l) symbols[offsets[l]++] = symbol; });
  return { counts, symbols };
}

function inflate(source, out) {
  let at = 0, hold = 0, held = 0, end = 0;
  const bits = (n) => {
    while (held < n) {
      if (at >= source.length) throw new Error("a block ends early");
      hold |= source[at++] << held;
      held += 8;
    }
    const value = hold & ((1 << n) - 1);
    hold >>>= n;
    held -= n;
    return value;
  };
  const symbol = ({ counts, symbols }) => {
    let code = 0, first = 0, index = 0;
    for (let length = 1; length < 16; length++) {
      code |= bits(1);
      const count = counts[length];
      if (code - count < first) return symbols[index + code - first];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Error("a block is damaged");
  };
  const codes = (literals, distances) => {
    for (;;) {
      let s = symbol(literals);
      if (s === 256) return;
      if (s < 256) {
        out[end++] = s;
        continue;
      }
      s -= 257;
      const length = lengthBase[s] + bits(lengthBits[s]);
      const d = symbol(distances);
      const from = end - distanceBase[d] - bits(distanceBits[d]);
      for (let i = 0; i < length; i++) out[end++] = out[from + i];
    }
  };
  const dynamic = () => {
    const literals = bits(5) + 257, distances = bits(5) + 1, known = bits(4) + 4;
    const lengths = new Array(19).fill(0);
    for (let i = 0; i < known; i++) lengths[codeOrder[i]] = bits(3);
    const lengthCode = huffman(lengths), all = [];
    while (all.length < literals + distances) {
      const s = symbol(lengthCode);
      if (s < 16) all.push(s);
      else {
        const value = s === 16 ? all[all.length - 1] : 0;
        let n = s === 16 ? 3 + bits(2) : s === 17 ? 3 + bits(3) : 11 + bits(7);
        while (n-- > 0) all.push(value);
      }
    }
    codes(huffman(all.slice(0, literals)), huffman(all.slice(literals)));
  };
  const fixed = () => codes(
    huffman(Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))),
    huffman(new Array(30).fill(5)));
  for (let last = 0; !last;) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 0) {
      hold = held = 0;
      const length = source[at] | (source[at + 1] << 8);
      out.set(source.subarray(at + 4, at + 4 + length), end);
      at += 4 + length;
      end += length;
    } else if (kind === 1) fixed();
    else if (kind === 2) dynamic();
    else throw new Error("a block is damaged");
  }
  return out;
}
