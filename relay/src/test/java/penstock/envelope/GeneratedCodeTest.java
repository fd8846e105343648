package penstock.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.Pages;
import penstock.testkit.EndedProcess;

/** The classes of this package are what the tool of SBE makes of the schema. */
class GeneratedCodeTest {
    private static final String TOOL = "uk.co.real_logic.sbe.SbeTool";
    private static final Path SOURCES = Pages.path("relay/src/main/java/penstock/envelope");
    private static final Path SCHEMA = Pages.path("relay/src/main/resources/penstock/pages/envelope.xml");

    private static final Pattern VERSION = Pattern.compile("<sbe.version>(.*)</sbe.version>");

    @TempDir
    private Path folder;

    @Test
    void shouldBeWhatTheToolMakesOfTheSchema() throws Exception {
        final List<String> command = List.of(ProcessHandle.current().info().command().orElse("java"),
            "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-cp", classPath(),
            "-Dsbe.output.dir=" + folder, "-Dsbe.validation.stop.on.error=true",
            "-Dsbe.validation.warnings.fatal=true", "-Dsbe.generate.precedence.checks=false",
            "-Dsbe.java.generate.interfaces=false", TOOL, SCHEMA.toRealPath().toString());
        final EndedProcess tool = EndedProcess.run(new ProcessBuilder(command), folder);
        assertThat(tool.code()).as(tool.out() + tool.err()).isZero();

        final Map<String, String> made = texts(folder.resolve("penstock/envelope"));
        if (Boolean.getBoolean("penstock.envelope.write")) {
            for (final Map.Entry<String, String> each : made.entrySet()) {
                Files.writeString(SOURCES.resolve(each.getKey()), each.getValue());
            }
        }
        assertThat(texts(SOURCES)).as("mvn -q -B -pl relay test -Dtest=GeneratedCodeTest "
            + "-Dpenstock.envelope.write=true writes them again").isEqualTo(made);
    }

    /** That of Maven has the tool; otherwise it is where Maven keeps it. */
    private static String classPath() throws IOException {
        final String own = System.getProperty("java.class.path");
        if (GeneratedCodeTest.class.getClassLoader().getResource(TOOL.replace('.', '/') + ".class") != null) {
            return own;
        }
        final Matcher version = VERSION.matcher(Files.readString(Pages.path("pom.xml")));
        assertThat(version.find()).isTrue();
        final Path jar = Path.of(System.getProperty("user.home"), ".m2/repository/uk/co/real-logic/sbe-tool",
            version.group(1), "sbe-tool-" + version.group(1) + ".jar");
        assertThat(jar).withFailMessage("no %s: mvn -q -B dependency:resolve gets it", jar).exists();
        return own + File.pathSeparator + jar;
    }

    private static Map<String, String> texts(final Path of) throws IOException {
        final Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(of)) {
            for (final Path file : files.toList()) {
                texts.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return texts;
    }
}
