package penstock.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.testkit.Seeds;
import penstock.wire.MessageBuffer;

/** Rows of objects that are written at once, wherever they stand in their array and however long their parts are. */
class RowBuilderTest {
    private static final int ROUNDS = 20_000;
    private static final List<String> NAMES = List.of("b", "bid", "bidder", "bidders", "bid size", "bid sizes",
        "bid_size_of_the_venue", "bid_size_of_the_other", "", "é", "last", "\\\"");
    private static final List<String> VALUES = List.of("1", "-1.5", "0.10000", "1234567", "12345678", "123456789",
        "1.000000000000000000000000001", "1e-7", "true", "false", "null", "\"\"", "\"x,y}\"", "\"a\\\"b,\"", "\"é\"");

    /** The first four are the usual ones. */
    private static final List<String> SHORT_VALUES = List.of("1.1034", "23.451", "\"USD\"", "\"1.10\"", "\"a b\"",
        "\"x\\\"\"", "\"\\\\\"", "[1,2]", "[1, 2]", "{}", "{\"b\":1}", " 1.10", "1.10 ", "\"é\"", "\",b\"", "true",
        "\"{}\"");

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final RowBuilder row = new RowBuilder();
    private final MessageBuffer out = new MessageBuffer(8);

    @Test
    void shouldWriteTheFieldsThatComeInTheOrderOfTheirColumns() {
        final Random random = seeds.random();
        announce();
        for (int i = 0; i < ROUNDS; i++) {
            final StringBuilder object = new StringBuilder();
            final StringBuilder values = new StringBuilder();
            int mask = 0;
            for (int column = random.nextInt(NAMES.size()); column < NAMES.size(); column += 1 + random.nextInt(4)) {
                final String value = VALUES.get(random.nextInt(VALUES.size()));
                object.append(mask == 0 ? '{' : ',').append(name(column)).append(':').append(value);
                values.append(',').append(value);
                mask |= 1 << column;
            }
            final byte[] text = bytes(object.append('}').toString());
            final byte[] before = bytes("[{\"bid\":1},".substring(random.nextInt(11)));
            final byte[] after = bytes(",{\"bid\":17,\"b\":1}]".substring(random.nextInt(19)));
            final byte[] source = join(before, text, after);
            out.clear().put('[');

            assertThat(row.writeFlat(out, source, before.length, text.length)).as("%s", object).isTrue();

            assertThat(out.toString()).as("%s", object).isEqualTo("[" + mask + values);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "1.5", "\"bid\"", "[1]", "{\"bid\":{\"a\":1}}", "{\"bid\":[1,2]}", "{ \"bid\":1}",
        "{\"bid\" :1}", "{\"bid\": 1}", "{\"bid\":1 }", "{\"bid\":1 ,\"last\":2}",
        "{\"bid\":1,\"bid\":2}", "{\"bid\":\"1\"", "{\"bid\":\"1", "{\"bid\":1", "{\"bid\":",
        "{\"bid\"", "{\"bi", "{\"", "{"})
    void shouldWriteNothingOfAValueThatIsWrittenOtherwise(final String value) {
        announce();
        for (final String behind : List.of("", "}", "},{\"bid\":1}", ",\"last\":12345678901234567890}")) {
            out.clear().put('[');
            assertThat(row.writeFlat(out, bytes(value + behind), 0, value.length())).as("%s before %s", value, behind)
                .isFalse();
            assertThat(out.toString()).isEqualTo("[");
        }
    }

    /** Objects of few lengths, so that most meet a layout of their own length, and often of other fields and values. */
    @Test
    void shouldNotTakeAnObjectForOneOfTheSameLength() {
        final Random random = seeds.random();
        announce();
        int written = 0;
        for (int i = 0; i < ROUNDS; i++) {
            final List<String> fields = fields(random);
            final byte[] object = bytes('{' + String.join(",", fields) + '}');
            final RowBuilder fresh = new RowBuilder();
            announce(fresh);
            final MessageBuffer expected = new MessageBuffer(8);
            final boolean isFlat = fresh.writeFlat(expected, object, 0, object.length);

            final boolean isWritten = row.writeFlat(out.clear(), Arrays.copyOf(object, object.length + 8), 0,
                object.length);

            // an array without strings is a value like a number
            assertThat(isWritten || !isFlat).as("%s", fields).isTrue();
            assertThat(out.toString()).as("%s", fields)
                .isEqualTo(isWritten && !isFlat ? rowOf(fields) : expected.toString());
            written += isWritten ? 1 : 0;
        }
        assertThat(written).isBetween(ROUNDS / 4, ROUNDS - 1);
    }

    /** At most three fields, in any order, whose values have up to six bytes. */
    private static List<String> fields(final Random random) {
        final List<String> fields = new ArrayList<>();
        final int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            final boolean isUsual = random.nextInt(4) > 0;
            final String value = isUsual ? SHORT_VALUES.get(random.nextInt(4))
                : SHORT_VALUES.get(random.nextInt(SHORT_VALUES.size()));
            fields.add(name(isUsual ? i : random.nextInt(4)) + ':' + value);
        }
        return fields;
    }

    /** The row of fields that have columns in this order. */
    private static String rowOf(final List<String> fields) {
        int mask = 0;
        final StringBuilder values = new StringBuilder();
        for (final String field : fields) {
            final int colon = field.indexOf(':');
            mask |= 1 << NAMES.indexOf(field.substring(1, colon - 1));
            values.append(',').append(field.substring(colon + 1));
        }
        return mask + values.toString();
    }

    @Test
    void shouldWriteValuesInTheOrderOfTheirColumnsWhateverTheOrderOfTheFields() {
        announce();
        for (final String value : List.of("{\"last\":1,\"bid\":2,\"b\":3}", "{\"last\":4,\"bid\":5,\"b\":6}")) {
            final byte[] text = Arrays.copyOf(bytes(value), value.length() + 8);
            assertThat(row.writeFlat(out.clear(), text, 0, value.length())).isTrue();
        }
        assertThat(out.toString()).isEqualTo("1027,6,5,4");
    }

    @Test
    void shouldSayWhichColumnsARowHasWhateverTheOneBeforeHad() {
        announce();
        final List<String> written = new ArrayList<>();
        for (final String value : List.of("{\"b\":1}", "{\"last\":1}", "{\"b\":12345678,\"last\":1}", "{\"bid\":1}")) {
            final byte[] text = bytes(value);
            assertThat(row.writeFlat(out.clear(), text, 0, text.length)).isTrue();
            written.add(out.toString());
        }
        assertThat(written).containsExactly("1,1", "1024,1", "1025,12345678,1", "2,1");
    }

    private void announce() {
        announce(row);
    }

    /** Rows give the names their columns. */
    private static void announce(final RowBuilder row) {
        row.begin();
        for (int i = 0; i < NAMES.size(); i++) {
            final byte[] name = bytes(name(i));
            assertThat(row.add(name, 0, name.length, name, 0, name.length)).isTrue();
        }
        assertThat(row.columns().count()).isEqualTo(NAMES.size());
    }

    private static String name(final int column) {
        return '"' + NAMES.get(column) + '"';
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] join(final byte[]... parts) {
        final MessageBuffer joined = new MessageBuffer(1);
        for (final byte[] part : parts) {
            joined.put(part);
        }
        return joined.toBytes();
    }
}
