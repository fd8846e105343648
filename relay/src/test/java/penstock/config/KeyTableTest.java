package penstock.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.config.KeyTable.DurationKey;
import penstock.config.KeyTable.NumberKey;

/** The declarations of keys: what people see of them is what readers accept. */
class KeyTableTest {
    private enum Colour { RED, DARK_BLUE }

    @Test
    void shouldShowTypeRangeAndDefaultOfWhatIsRead() {
        final KeyTable keys = KeyTable.of("lamp");
        final DurationKey fade = keys.duration("fade", 5_000, 0, 60_000, "How long.");
        final NumberKey steps = keys.number("steps", "as many as fit", 7, 1, 9, "How many.");
        keys.choice("colour", Colour.DARK_BLUE, "Which.");
        keys.size("memory", 4 << 10, 64, 1 << 20, "How large.");
        final Problems problems = new Problems();
        final ConfigSection section = new ConfigSection(ConfigFactory.parseString("fade = 61s").root(), "", problems);

        assertThat(keys.rows().stream().map(row -> row.key() + " | " + row.type() + " | " + row.orElse()))
            .containsExactly(
            "lamp.fade | duration, 0 to 60s | `5s`", "lamp.steps | whole number, 1 to 9 | as many as fit",
            "lamp.colour | one of red, dark-blue | `dark-blue`", "lamp.memory | size, 64 to 1MiB | `4k`");
        assertThat(List.of(fade.readMs(section), (long) steps.read(section))).containsExactly(5_000L, 7L);
        assertThat(problems.all()).hasSize(1);
        assertThat(problems.all().get(0).message()).startsWith("must be from 0 to 60s");
    }

    @Test
    void shouldShowTheKeysOfAnObjectBeforeThoseOfObjectsInside() {
        final KeyTable shared = KeyTable.of("");
        shared.key("per", "text", KeyTable.REQUIRED, "Of whom.");
        shared.flag("even", true, "Whether.");
        final KeyTable keys = KeyTable.of("lamp").include("rate", shared.with("per", KeyTable.NONE, "Of us."));
        keys.section("rate").key("own", "text", KeyTable.NONE, "Our own.");
        keys.key("name", "text", KeyTable.REQUIRED, "Its name.");

        assertThat(keys.rows().stream().map(row -> row.key() + " " + row.orElse() + " " + row.meaning()))
            .containsExactly(
            "lamp.name required Its name.", "lamp.rate.own – Our own.", "lamp.rate.per – Of us.",
            "lamp.rate.even `true` Whether.");
        assertThat(shared.rows().get(0).meaning()).isEqualTo("Of whom.");
    }
}
