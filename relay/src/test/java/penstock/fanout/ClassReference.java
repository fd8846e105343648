package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.testkit.ParsedJson;

/** What a topic of a conflation class is, kept the slow and obvious way, and random updates of it. */
abstract class ClassReference {
    /** The state after each update, from q = 1. */
    final List<Object> history = new ArrayList<>();

    static ClassReference of(final String conflation, final int size) {
        return conflation.equals("merge") ? new Merge(size) : new Book(size);
    }

    /** Makes a random update, applies it here and leaves it in {@code slices}. */
    abstract void update(Random random, UpdateSlice slices);

    /** What a subscriber has who applies {@code value} to {@code view}, which is null at first. */
    abstract Object apply(Object view, Object value, boolean snapshot);

    private static UpdateKind kind(final Random random) {
        return switch (random.nextInt(24)) {
            case 0 -> UpdateKind.SNAPSHOT;
            case 1 -> UpdateKind.FULL;
            case 2 -> random.nextInt(4) == 0 ? UpdateKind.REMOVE : UpdateKind.SNAPSHOT;
            default -> UpdateKind.DELTA;
        };
    }

    /** Fields of an object. */
    private static final class Merge extends ClassReference {
        private static final String[] VALUES =
            {"1.10", "-0", "12345678901234567890.1234567", "1e-7", "\"a,}{\\\"\"", "true",
            "[1,[],{\"x\":null}]", "{\"y\":{}}", "\"\"", "\"null\""};
        private static final String[] SPACES = {"", "", "", " ", "\n\t"};
        private final int size;
        private final TreeMap<String, Object> fields = new TreeMap<>();

        Merge(final int size) {
            this.size = size;
        }

        @Override
        void update(final Random random, final UpdateSlice slices) {
            final UpdateKind kind = kind(random);
            if (kind != UpdateKind.DELTA) {
                fields.clear();
            }
            final TreeMap<String, String> parsed = new TreeMap<>();
            for (int i = random.nextInt(4); i >= 0 && kind != UpdateKind.REMOVE; i--) {
                final String name = "f\u00fc{" + random.nextInt(size);
                final String value = random.nextInt(5) == 0 ? "null" : VALUES[random.nextInt(VALUES.length)];
                parsed.put(name, value);
                if (value.equals("null")) {
                    fields.remove(name);
                } else {
                    fields.put(name, ParsedJson.parse(value));
                }
            }
            final StringBuilder text = new StringBuilder("[").append(space(random)).append('{').append(space(random));
            parsed.forEach((name, value) -> {
                text.append(text.indexOf("\"") < 0 ? "" : ",").append(space(random)).append('"').append(name)
                    .append('"');
                text.append(space(random)).append(':').append(space(random)).append(value).append(space(random));
            });
            final byte[] bytes = text.append("}]").toString().getBytes(StandardCharsets.UTF_8);
            slices.set(bytes, 0, bytes.length, 1, bytes.length - 2);
            slices.kind = kind;
            history.add(new TreeMap<>(fields));
        }

        @Override
        Object apply(final Object view, final Object value, final boolean snapshot) {
            return value;
        }

        private static String space(final Random random) {
            return SPACES[random.nextInt(SPACES.length)];
        }
    }

    /** Two sides of levels. */
    private static final class Book extends ClassReference {
        private static final String[] SIZES = {"1", "2.50", "0.00000001", "1e3", "7", "\"4.0\"", "\"4.00\""};
        private static final String[] ZEROS = {"0", "0.000", "\"0\"", "0e5", ""};
        private final int size;
        private final List<TreeMap<BigDecimal, String>> sides = sides();
        private final LevelBuffer levels = new LevelBuffer();

        Book(final int size) {
            this.size = size;
        }

        @Override
        void update(final Random random, final UpdateSlice slices) {
            final UpdateKind kind = kind(random);
            if (kind != UpdateKind.DELTA) {
                sides.forEach(TreeMap::clear);
            }
            levels.clear();
            for (int i = random.nextInt(5); i >= 0 && kind != UpdateKind.REMOVE; i--) {
                final int side = random.nextInt(2);
                final BigDecimal price = BigDecimal.valueOf(random.nextInt(size) - 3L, 1 + random.nextInt(2))
                    .stripTrailingZeros();
                final boolean gone = random.nextInt(3) == 0;
                final String text = gone ? ZEROS[random.nextInt(ZEROS.length)] : SIZES[random.nextInt(SIZES.length)];
                if (gone) {
                    sides.get(side).remove(price);
                } else {
                    sides.get(side).put(price, text);
                }
                final byte[] priceBytes = spelled(price, random).getBytes(StandardCharsets.UTF_8);
                final byte[] sizeBytes = text.getBytes(StandardCharsets.UTF_8);
                levels.add(side, priceBytes, 0, priceBytes.length, sizeBytes, 0, sizeBytes.length);
            }
            slices.set(levels.buffer(), 0, 0, 0, 0);
            slices.kind = kind;
            slices.levels = levels;
            final List<TreeMap<BigDecimal, String>> copy = sides();
            copy.get(0).putAll(sides.get(0));
            copy.get(1).putAll(sides.get(1));
            history.add(copy);
        }

        @Override
        Object apply(final Object view, final Object value, final boolean snapshot) {
            final List<TreeMap<BigDecimal, String>> copy = sides();
            final Map<?, ?> object = ParsedJson.object(value);
            for (int side = 0; side < 2; side++) {
                if (!snapshot && view != null) {
                    ParsedJson.object(ParsedJson.list(view).get(side)).forEach(put(copy.get(side)));
                }
                final List<?> parsed = ParsedJson.list(object.get(side == 0 ? "bids" : "asks"));
                BigDecimal before = null;
                for (final Object level : parsed) {
                    final BigDecimal price = new BigDecimal(ParsedJson.bare(ParsedJson.list(level).get(0)))
                        .stripTrailingZeros();
                    assertThat(!snapshot || before == null || copy.get(side).comparator().compare(before, price) < 0)
                        .as("best first: " + parsed).isTrue();
                    before = price;
                    final String text = (String) ParsedJson.list(level).get(1);
                    if (text.equals("0")) {
                        assertThat(snapshot).isFalse();
                        copy.get(side).remove(price);
                    } else {
                        copy.get(side).put(price, text);
                    }
                }
            }
            return copy;
        }

        private static java.util.function.BiConsumer<Object, Object> put(final Map<BigDecimal, String> target) {
            return (price, size) -> target.put((BigDecimal) price, (String) size);
        }

        private static List<TreeMap<BigDecimal, String>> sides() {
            return List.of(new TreeMap<>(Comparator.reverseOrder()), new TreeMap<>(Comparator.naturalOrder()));
        }

        private static String spelled(final BigDecimal price, final Random random) {
            return switch (random.nextInt(5)) {
                case 0 -> price.setScale(price.scale() + 2).toPlainString();
                case 1 -> price.unscaledValue() + "e" + -price.scale();
                case 2 -> '"' + price.toPlainString() + '"';
                case 3 -> price.signum() == 0 ? "-0.0" : price.toPlainString();
                default -> price.toPlainString();
            };
        }
    }
}
