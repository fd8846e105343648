package penstock.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import penstock.topic.image.JsonMembers;

/** Texts of objects, taken apart. */
final class Members {
    private Members() {
    }

    /** The values by name; a name that comes twice fails the test. */
    static TreeMap<String, String> of(final String text) {
        final TreeMap<String, String> members = new TreeMap<>();
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final JsonMembers walk = new JsonMembers().wrap(bytes, 0, bytes.length);
        while (walk.next()) {
            final String name = new String(bytes, walk.keyOffset(), walk.keyLength(), StandardCharsets.UTF_8);
            final String value = new String(bytes, walk.valueOffset(), walk.valueLength(), StandardCharsets.UTF_8);
            assertThat(members.put(name.substring(1, name.length() - 1).replace("\\\"", "\""), value)).isNull();
        }
        return members;
    }
}
