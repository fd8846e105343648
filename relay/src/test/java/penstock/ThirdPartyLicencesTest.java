package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The jar holds the licence of every library that it contains. */
class ThirdPartyLicencesTest {
    private static final String FOLDER = "/META-INF/licenses/";
    private static final Pattern JAR = Pattern.compile("(.+?)-[0-9][^/]*\\.jar");
    /** On the class path of tests and benchmarks only. */
    private static final Pattern TEST_ONLY = Pattern.compile("junit-.*|opentest4j|apiguardian-api|jspecify|assertj-core"
        + "|byte-buddy.*|awaitility|hamcrest|archunit.*|jmh-.*|jopt-simple|commons-math3|surefire.*|maven-.*"
        + "|open-test-reporting.*|picocli-codegen");

    @Test
    void shouldListEveryLibraryOfTheJarAndNoOther() throws IOException {
        final Set<String> libraries = new TreeSet<>();
        for (final String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            final Matcher jar = JAR.matcher(new File(entry).getName());
            if (jar.matches() && !TEST_ONLY.matcher(jar.group(1)).matches()) {
                libraries.add(jar.group(1));
            }
        }

        assertThat(listed().keySet()).isEqualTo(libraries);
    }

    @Test
    void shouldHoldTheTextOfEveryLicence() throws IOException {
        for (final Map.Entry<String, List<String>> library : listed().entrySet()) {
            assertThat(library.getValue()).as(library.getKey()).isNotEmpty();
            for (final String file : library.getValue()) {
                assertThat(text(file)).as(library.getKey() + ": " + file).hasSizeGreaterThan(500);
            }
        }
    }

    /** The files of each artifact. */
    private static Map<String, List<String>> listed() throws IOException {
        final Map<String, List<String>> files = new TreeMap<>();
        text("THIRD-PARTY.txt").lines().skip(3).forEach(line -> {
            final List<String> columns = Arrays.asList(line.split(" +"));
            files.put(columns.get(0), columns.subList(2, columns.size()));
        });
        return files;
    }

    private static String text(final String file) throws IOException {
        try (InputStream text = ThirdPartyLicencesTest.class.getResourceAsStream(FOLDER + file)) {
            assertThat(text).as(file).isNotNull();
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
