package penstock.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
        "{\"bid\" :1}", "{\"bid\": 1}", "{\"bid\":1 }", "{\"bid\":1 ,\"last\":2}", "{\"last\":1,\"bid\":2}",
        "{\"bid\":1,\"bid\":2}", "{\"bid\":1,\"new\":2}", "{\"bid\":\"1\"", "{\"bid\":\"1", "{\"bid\":1", "{\"bid\":",
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

    /** Rows give the names their columns. */
    private void announce() {
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
