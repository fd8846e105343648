package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import penstock.docs.Pages;

/** The jar holds the licence of every library that it contains, and no library without a use. */
class ThirdPartyLicencesTest {
    private static final String FOLDER = "/META-INF/licenses/";
    private static final Pattern JAR = Pattern.compile("(.+?)-[0-9][^/]*\\.jar");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?([\\w.]+);");
    private static final Pattern DEPENDENCY = Pattern.compile("<dependency>.*<artifactId>([^<]+)</artifactId>");
    /** On the class path of tests and benchmarks only. */
    private static final Pattern TEST_ONLY = Pattern.compile("junit-.*|opentest4j|apiguardian-api|jspecify|assertj-core"
        + "|byte-buddy.*|awaitility|hamcrest|archunit.*|jmh-.*|jopt-simple|commons-math3|surefire.*|maven-.*"
        + "|open-test-reporting.*|picocli-codegen|json-schema-validator|jackson-databind|jackson-annotations|itu"
        + "|HdrHistogram|snakeyaml");

    /** Files for browsers, as their authors publish them: the chart of the page. */
    private static final Set<String> OF_PAGES = Set.of("uplot");

    @Test
    void shouldListEveryLibraryOfTheJarAndNoOther() throws IOException {
        final Set<String> libraries = new TreeSet<>();
        for (final String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            final Matcher jar = JAR.matcher(new File(entry).getName());
            if (jar.matches() && !TEST_ONLY.matcher(jar.group(1)).matches()) {
                libraries.add(jar.group(1));
            }
        }

        libraries.addAll(OF_PAGES);

        assertThat(listed().keySet()).isEqualTo(libraries);
    }

    /** The file of a library says what it is, and its test in the browser that it is the published one. */
    @Test
    void shouldHoldTheNamedVersionOfEachLibraryOfPages() throws IOException {
        final String versions = Pages.text("relay/src/test/browser/package.json");
        for (final String library : OF_PAGES) {
            final String head = Pages.text("relay/src/main/resources/penstock/pages/page/" + library + ".js")
                .substring(0, 400);
            final Matcher version = Pattern.compile("\\(v([0-9.]+)\\)").matcher(head);
            assertThat(version.find()).as(head).isTrue();
            assertThat(versions).contains("\"" + library + "\": \"" + version.group(1) + "\"");
            assertThat(head).contains("(MIT Licensed)");
        }
    }

    @Test
    void shouldHoldTheTextOfEveryLicence() throws IOException {
        for (final Map.Entry<String, List<String>> library : listed().entrySet()) {
            assertThat(library.getValue()).as(library.getKey()).isNotEmpty();
            for (final String file : library.getValue()) {
                assertThat(text(file)).as(library.getKey() + ": " + file)
                    .hasSizeGreaterThan(file.endsWith("NOTICE.txt") ? 200 : 500);
            }
        }
    }

    /** What is declared and used nowhere makes the jar larger and has to be kept up to date. */
    @Test
    void shouldUseEveryDeclaredLibrary() throws IOException {
        final Set<String> imported = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Pages.path("relay/src/main/java"))) {
            for (final Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                IMPORT.matcher(Files.readString(source)).results().forEach(found -> imported.add(found.group(1)));
            }
        }
        // what follows are tools of the build
        final String dependencies = Pages.text("relay/pom.xml").split("<build>")[0];
        final Set<String> declared = DEPENDENCY.matcher(dependencies).results()
            .map(found -> found.group(1)).filter(name -> !TEST_ONLY.matcher(name).matches())
            .collect(Collectors.toCollection(TreeSet::new));
        declared.remove("xnio-nio"); // xnio-api loads it by name

        assertThat(declared).hasSizeGreaterThan(5)
            .allSatisfy(name -> assertThat(packages(name)).as(name)
                .anyMatch(used -> imported.stream().anyMatch(type -> type.startsWith(used + '.'))));
    }

    /** The packages of a jar on the class path. */
    private static Set<String> packages(final String artifact) throws IOException {
        final String jar = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> new File(entry).getName().matches(artifact + "-[0-9].*\\.jar")).findFirst().orElseThrow();
        try (JarFile file = new JarFile(jar)) {
            return file.stream().map(JarEntry::getName).filter(name -> name.endsWith(".class") && name.contains("/"))
                .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.')).collect(Collectors.toSet());
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
