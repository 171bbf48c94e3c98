/** What a Python script needs besides the lines of its model: NumPy only. */
import { say } from '../../shared/language.ts';
import type { Runtime } from './modelCode.ts';

/** Operations of the forward pass. */
export function pythonOperations(): Runtime {
  return {
    erf: `def erf(x):
    return np.vectorize(math.erf, otypes=[np.float32])(x)
`,
    sigmoid: `def sigmoid(x):
    small = np.exp(-np.abs(x))  # ${say('no overflow, whatever the sign')}
    return np.where(x >= 0, 1, small) / (1 + small)
`,
    conv2d: `def conv2d(x, kernel, strides, padding, dilation=(1, 1), groups=1):
    """x: [rows, height, width, channels]; kernel: [height, width, channels / groups, filters]"""
    top, bottom, left, right = padding
    x = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    height, width, each, filters = kernel.shape
    h, w = (window_count(x.shape[i + 1], (height, width)[i], strides[i], dilation[i]) for i in (0, 1))
    y = np.zeros((len(x), h, w, filters), np.float32)
    for i in range(height):
        for j in range(width):
            part = window(x, i * dilation[0], j * dilation[1], h, w, strides).reshape(-1, groups, each)
            weights = kernel[i, j].reshape(each, groups, -1)
            y += (part.swapaxes(0, 1) @ weights.swapaxes(0, 1)).swapaxes(0, 1).reshape(y.shape)
    return y
`,
    conv2d_transpose: `def conv2d_transpose(x, kernel, strides, padding, shape, dilation=(1, 1)):
    """x: [rows, height, width, channels]; kernel: [height, width, filters, channels]"""
    top, bottom, left, right = padding
    rows, height, width, filters = shape
    y = np.zeros((rows, height + top + bottom, width + left + right, filters), np.float32)
    for i in range(kernel.shape[0]):
        for j in range(kernel.shape[1]):
            part = window(y, i * dilation[0], j * dilation[1], x.shape[1], x.shape[2], strides)
            part += x @ kernel[i, j].T
    return y[:, top : top + height, left : left + width]
`,
    max_pool: `def max_pool(x, size, strides, padding):
    top, bottom, left, right = padding
    x = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=-np.inf)
    h, w = (window_count(x.shape[i + 1], size[i], strides[i], 1) for i in (0, 1))
    places = [(i, j) for i in range(size[0]) for j in range(size[1])]
    return np.max([window(x, i, j, h, w, strides) for i, j in places], axis=0)
`,
    window_count: `def window_count(length, size, stride, dilation):
    return (length - (size - 1) * dilation - 1) // stride + 1
`,
    window: `def window(x, i, j, h, w, strides):
    """${say('What the windows see at one of their places.')}"""
    return x[:, i : i + (h - 1) * strides[0] + 1 : strides[0], j : j + (w - 1) * strides[1] + 1 : strides[1]]
`,
  };
}

/** Rows of a table to numbers. */
export function pythonTable(): string {
  return `def text(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def category_index(feature, value):
    """${say('By name, or where no category has that name by index.')}"""
    categories = feature["categories"]
    if text(value) in categories:
        return categories.index(text(value))
    if text(value).isdigit() and int(text(value)) < len(categories):
        return int(text(value))
    raise ValueError(f"{feature['name']} must be one of {', '.join(categories)}, not {value}")


def encode(row):
    """${say('The numbers that the model gets, as in training.')}"""
    x = []
    for feature in FEATURES:
        value = row.get(feature["name"])
        if value is None or value == "":
            value = feature["fill"]
        if value is None:
            raise ValueError(f"{feature['name']} is missing")
        if feature["kind"] == "one_hot":
            index = category_index(feature, value)
            x += [float(i == index) for i in range(len(feature["categories"]))]
            continue
        number = category_index(feature, value) if feature["kind"] == "ordinal" else float(value)
        x.append((number * feature["scale"] + feature["offset"] - feature["center"]) / feature["divisor"])
    return np.array([x], np.float32)`;
}

/** An image file to the pixels that the model gets. */
export function pythonImages(): string {
  return `def encode(row):
    """${say('The pixels that the model gets: resized, and grey where it sees grey.')}"""
    height, width, channels = SHAPE
    rgb = read_png(row["image"])
    if channels == 1:
        rgb = np.floor(rgb @ np.array([0.299, 0.587, 0.114]) + 0.5)[..., None]
    return resize(rgb.astype(np.float64), height, width).astype(np.uint8)[None]


def resize(image, height, width):
    """${say('Bilinear, with the centres of pixels at halves.')}"""
    for axis, size in ((0, height), (1, width)):
        old = image.shape[axis]
        at = np.clip((np.arange(size) + 0.5) * old / size - 0.5, 0, old - 1)
        low = np.floor(at).astype(int)
        share = (at - low).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
        a, b = image.take(low, axis), image.take(np.minimum(low + 1, old - 1), axis)
        image = a + (b - a) * share
    return np.floor(image + 0.5)


def read_png(file):
    """[height, width, 3] ${say('of a PNG file; of others where the package Pillow is installed.')}"""
    data = Path(file).read_bytes()
    if data[:4] != b"\\x89PNG" or data[24] != 8 or data[28] != 0:
        from PIL import Image

        return np.array(Image.open(file).convert("RGB"))
    width, height, _, kind = struct.unpack(">IIBB", data[16:26])
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    chunks, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        name = data[at + 4 : at + 8]
        chunks[name] = chunks.get(name, b"") + data[at + 8 : at + 8 + length]
        at += length + 12
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, -1)
    pixels = unfilter(lines, channels).reshape(height, width, channels)
    if kind == 3:
        return np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)[pixels[..., 0]]
    return np.repeat(pixels[..., :1], 3, axis=2) if channels < 3 else pixels[..., :3]


def unfilter(lines, channels):
    """${say('Each line of a PNG says how its bytes differ from those before and above.')}"""
    above = np.zeros(lines.shape[1] - 1 + channels, np.int64)
    out = []
    for kind, *values in lines.tolist():
        line = [0] * channels + values
        for i in range(channels, len(line)):
            a, b, c = line[i - channels], above[i], above[i - channels]
            if kind == 1:
                line[i] += a
            elif kind == 2:
                line[i] += b
            elif kind == 3:
                line[i] += (a + b) // 2
            elif kind == 4:
                p = a + b - c
                line[i] += min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            line[i] &= 255
        above = line
        out.append(line[channels:])
    return np.array(out, np.uint8)`;
}
