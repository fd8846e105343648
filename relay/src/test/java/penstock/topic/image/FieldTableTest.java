package penstock.topic.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.wire.MessageBuffer;

class FieldTableTest {
    private final FieldTable fields = new FieldTable(true);
    private final JsonMembers members = new JsonMembers();
    private final MessageBuffer out = new MessageBuffer(64);
    private int round;

    @Test
    void shouldMergeValuesByteForByte() {
        merge(1, "{\"a\" : 1.10 ,\n\"b\":{\"x\":[1,\"}\\\"\",null]}, \"c\\\"\":\"\\u00e4,\" }");
        merge(2, " {\"d\":-0.0e-7,\"a\":1.1}");
        assertThat(live())
            .isEqualTo("{\"a\":1.1,\"b\":{\"x\":[1,\"}\\\"\",null]},\"c\\\"\":\"\\u00e4,\",\"d\":-0.0e-7}");
        assertThat(since(1)).isEqualTo("{\"a\":1.1,\"d\":-0.0e-7}");
        assertThat(since(2)).isEqualTo("{}");
    }

    @Test
    void shouldReportARemovedFieldOnlySinceVersionsThatHadIt() {
        merge(1, "{\"a\":1}");
        merge(3, "{\"b\":2}");
        merge(5, "{\"a\":null,\"b\":null,\"never\":null}");
        assertThat(live()).isEqualTo("{}");
        assertThat(since(1)).isEqualTo("{\"a\":null}");
        assertThat(since(0)).isEqualTo("{}");
        merge(6, "{\"b\":2}");
        assertThat(since(5)).isEqualTo("{\"b\":2}");
    }

    @Test
    void shouldNotCountAnEqualValueAsAChange() {
        merge(1, "{\"a\":1,\"b\":2}");
        merge(2, "{\"a\":1,\"b\":3}");
        assertThat(since(1)).isEqualTo("{\"b\":3}");
    }

    @Test
    void shouldPruneTheOlderHalfOfTooManyTombstones() {
        for (int i = 1; i <= 66; i++) {
            merge(i, "{\"f" + i + "\":" + i + ",\"gone\":null,\"kept\":1}");
            merge(100 + i, "{\"f" + i + "\":null}");
            fields.prune();
        }
        assertThat(fields.pruned()).isEqualTo(133);
        assertThat(live()).isEqualTo("{\"kept\":1}");
        assertThat(since(150)).startsWith("{\"f51\":null").contains("\"f66\":null").doesNotContain("f50\"");
        merge(300, "{\"f2\":7,\"f60\":8}");
        assertThat(live()).isEqualTo("{\"kept\":1,\"f60\":8,\"f2\":7}");
        assertThat(since(299)).isEqualTo("{\"f60\":8,\"f2\":7}");
    }

    @Test
    void shouldConflateFieldsAndKeepUnseenRemovals() {
        final MergeConflator conflator = new MergeConflator();
        assertThat(conflated(conflator, UpdateKind.DELTA)).isEqualTo("{}");
        add(conflator, UpdateKind.DELTA, "{\"a\":1,\"b\":null}");
        add(conflator, UpdateKind.DELTA, "{\"a\":null,\"c\":\"x\"}");
        assertThat(conflated(conflator, UpdateKind.DELTA)).isEqualTo("{\"a\":null,\"b\":null,\"c\":\"x\"}");
        add(conflator, UpdateKind.FULL, "{\"z\":1}");
        add(conflator, UpdateKind.DELTA, "{\"y\":2}");
        assertThat(conflated(conflator, UpdateKind.FULL)).isEqualTo("{\"z\":1,\"y\":2}");
        add(conflator, UpdateKind.REMOVE, "{\"z\":5}");
        assertThat(conflated(conflator, UpdateKind.REMOVE)).isEqualTo("{}");
        add(conflator, UpdateKind.DELTA, "{\"z\":3}");
        assertThat(conflated(conflator, UpdateKind.SNAPSHOT)).isEqualTo("{\"z\":3}");
        conflator.clear();
        assertThat(conflated(conflator, UpdateKind.DELTA)).isEqualTo("{}");
        assertThat(conflator.fits(1)).isFalse();
    }

    private static void add(final MergeConflator conflator, final UpdateKind kind, final String value) {
        final byte[] bytes = ('[' + value + ']').getBytes(StandardCharsets.UTF_8);
        final UpdateSlice slices = new UpdateSlice().set(bytes, 0, bytes.length, 1, bytes.length - 2);
        slices.kind = kind;
        conflator.add(slices);
    }

    private static String conflated(final MergeConflator conflator, final UpdateKind kind) {
        final UpdateSlice slices = new UpdateSlice();
        conflator.writeTo(slices);
        assertThat(slices.kind).isEqualTo(kind);
        final String text = new String(slices.buffer, slices.valueOffset, slices.valueLength, StandardCharsets.UTF_8);
        assertThat(conflator.fits(text.length())).isEqualTo(conflator.fits(slices.valueLength));
        return text;
    }

    private void merge(final long version, final String object) {
        final byte[] bytes = object.getBytes(StandardCharsets.UTF_8);
        members.wrap(bytes, 0, bytes.length);
        round++;
        while (members.next()) {
            if (members.isNull()) {
                fields.remove(members, version, false);
            } else {
                fields.set(members, version, round);
            }
        }
    }

    private String live() {
        fields.appendChanges(out.clear(), FieldTable.ALWAYS);
        return out.toString();
    }

    private String since(final long version) {
        fields.appendChanges(out.clear(), version);
        return out.toString();
    }
}
