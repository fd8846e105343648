package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import penstock.config.ConfigException;

/** Every word of venue files has a right use, and a wrong one that the reader answers with its place and a remedy. */
class VenueWordsTest {
    private static final String REST = "name = model, channels { quote { default = true }, book { class = order-book }, "
        + "trade { class = event }, state { class = merge } }, messages { rules = [ "
        + "{ name = r, match { \"$/t\" = q }, key = \"$/s\" }, "
        + "{ name = s, match { \"$/t\" = s }, key = \"$/s\", channel = state, kind = snapshot } ] }\n";

    private final List<WordSamples.Sample> samples = WordSamples.all();

    @Test
    void shouldHaveARightAndAWrongUseOfEveryWord() {
        final Set<String> words = new TreeSet<>();
        VenueReader.keys().forEach(table -> table.rows().forEach(row -> words.add(row.key())));

        assertThat(words(true)).as("words with a right use, + in src/test/resources/venue-words.txt").isEqualTo(words);
        assertThat(words(false)).as("words with a wrong use, - in src/test/resources/venue-words.txt").isEqualTo(words);
    }

    @Test
    void shouldAcceptEveryRightUse() {
        final SoftAssertions all = new SoftAssertions();
        samples.stream().filter(WordSamples.Sample::isRight).forEach(sample -> {
            all.assertThat(problems(sample.text())).as(sample.word() + ": " + sample.text()).isEmpty();
            all.assertThat(has(ConfigFactory.parseString(sample.text()).root(), List.of(sample.word().split("\\."))))
                .as("the right use of " + sample.word() + " has it: " + sample.text()).isTrue();
        });
        all.assertAll();
    }

    @Test
    void shouldAnswerEveryWrongUseWithItsPlaceAndARemedy() {
        final SoftAssertions all = new SoftAssertions();
        samples.stream().filter(sample -> !sample.isRight()).forEach(sample ->
            all.assertThat(problems(sample.text())).as(sample.word() + ": " + sample.text()).isNotEmpty()
                .isEqualTo(sample.problems()));
        all.assertAll();
    }

    private Set<String> words(final boolean areRight) {
        return samples.stream().filter(sample -> sample.isRight() == areRight).map(WordSamples.Sample::word)
            .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Each with its line, of which the sample is the second. */
    private static List<String> problems(final String sample) {
        try {
            VenueReader.read(new StringReader(REST + sample), "model.conf", System::getenv);
        } catch (final ConfigException e) {
            return e.getMessage().lines().map(line -> line.replaceFirst("^model\\.conf:", "")).toList();
        }
        return List.of();
    }

    /** Whether a value has a key at a path like {@code fetch.NAME.url} or {@code messages.rules[].name}. */
    private static boolean has(final ConfigValue value, final List<String> path) {
        if (path.isEmpty() || value == null) {
            return value != null;
        }
        final List<String> rest = path.subList(1, path.size());
        if (path.get(0).equals("NAME")) {
            return ((ConfigObject) value).values().stream().anyMatch(each -> has(each, rest));
        }
        final ConfigValue inside = ((ConfigObject) value).get(path.get(0).replace("[]", ""));
        return inside instanceof ConfigList list && path.get(0).endsWith("[]")
            ? Arrays.stream(list.toArray(ConfigValue[]::new)).anyMatch(each -> has(each, rest)) : has(inside, rest);
    }
}
