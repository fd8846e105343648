package penstock.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.docs.Pages;

/** The situations find each fault that is put into the client. */
@Tag("gate")
class ClientMutantsTest {
    private static final Path SOURCES = Pages.path("relay/src/main/java/penstock/client");

    @TempDir
    private Path folder;

    @Test
    void shouldFindNothingWithoutAFault() throws Exception {
        assertThat(failureWith(folder)).isNull();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '#', quoteCharacter = '`', value = {
        "the position is not advanced           # WireSubscription # p = position; # p = p == 0 ? position : p;",
        "a null of the venue is ignored         # value/FieldTable "
            + "# final int index = indexOf(entry, expected); # final int index = indexOf(entry, expected); "
            + "if (entry.chars()[entry.fieldFrom()] == 'n') continue;",
        "a removed field stays                  # value/FieldTable # remove(indexOf(entry, 0)); # remove(-1);",
        "the back-off has no jitter             # socket/BackOff # random * delayMs # delayMs",
        "retryAfter is not waited for           # socket/BackOff # Math.round(earliestMs + # Math.round(",
        "stale is not shown                     # HeldTopic # isFresh && entry # true || isFresh && entry",
        "what is kept is live at once           # WireTopics # topic.isKept = true; # ` `",
        "a sleep proves silence                 # RelayLink # if (hasSlept) { # if (false) {",
        "the ledger is off by one               # value/MissedUpdates # return q - sentQ - 1 - c + "
            + "# return q - sentQ - c +",
        "a broken ledger is not noticed         # WireSubscription # if (!ledger.accepts( "
            + "# if (false && !ledger.accepts(",
        "a gap counts what another relay sent   # value/MissedUpdates # Math.max(0, q - reached) # count",
        "what a gap counted may not come at all # value/MissedUpdates # isOpen = gapP == p; # isOpen = false;",
        "what a gap counted may always come     # value/MissedUpdates # (isOpen || more( # (true || more(",
        "a loss that no gap announced is broken # value/MissedUpdates # isBack = true; # ` `",
        "any jump is a loss                     # value/MissedUpdates # isBack = false; # ` `",
        "the epoch of the first session stays   # WireSubscription # = context.epoch(); "
            + "# = epoch == 0 ? context.epoch() : epoch;",
        "values from before a restart stay      # WireSubscription # topics.clear(); # ` `",
        "what a resume repeats counts twice     # WireSubscription # entry.q() > topic.held # entry.q() > 0",
        "prices of a book compare by mantissa   # value/DecimalNumber # if (scale == other.scale) # if (true)",
        "what was not answered is claimed       # WireRequests # isAnswered && asking == 0 && images == 0 # true",
        "one fast symbol makes all others fast  # WirePool # those.stream().mapToInt # Arrays.stream(grids).mapToInt",
        "a symbol that moves is empty on the way # WireTopics "
            + "# (context.isOpen() ? moving : topics).add(topic); # ` `",
        "a symbol that moved stays as it was    # WireTopics # if (!moving.isEmpty()) # if (false)",
        "a refused grid takes others along      # WirePool # refused.size() > 1 # false",
        "the sum of a message is not checked    # rows/RowMessage # return left == 0; # return true;",
        "a topic announced again counts on      # rows/RowTable # topic.q = nextNumber(text); "
            + "# final long q = nextNumber(text); topic.q = topic.q == 0 ? q : topic.q;",
        "a removed field of a row stays         # rows/RowMessage # rest = places.removed[entry]; # rest = 0;",
        "the age of a row is its time           # rows/RowMessage # places.times[read] = tsUs - number(); "
            + "# places.times[read] = number();",
        "columns stay those of the first        # rows/RowTable # if (message.has(Part.COLUMNS)) "
            + "# if (message.has(Part.COLUMNS) && columns.length == 0)",
        "rows of a connection count on the next # WireSubscription # rows.clear(); # ` `"})
    void shouldFindEachFault(final String fault, final String file, final String before, final String after)
            throws Exception {
        final String source = Files.readString(SOURCES.resolve(file + ".java"));
        assertThat(source.split(Pattern.quote(before), -1)).as("the source has it once").hasSize(2);

        compile(file, source.replace(before, after));

        assertThat(failureWith(folder)).as(fault).isNotNull();
    }

    private void compile(final String file, final String source) throws IOException {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final JavaFileObject mutant = new SimpleJavaFileObject(
            URI.create("string:///" + Path.of(file).getFileName() + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(final boolean ignored) {
                return source;
            }
        };
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            assertThat(compiler.getTask(null, files, null, List.of("-proc:none", "-d", folder.toString(), "-cp",
                place(PenstockClient.class).getPath()), null, List.of(mutant)).call()).as("it compiles").isTrue();
        }
    }

    /** Plays all situations to the client whose classes are in {@code mutants}, or else as they are. */
    private static Object failureWith(final Path mutants) throws Exception {
        final URL[] places = {mutants.toUri().toURL(), place(PenstockClient.class), place(ClientMutantsTest.class)};
        try (URLClassLoader loader = new URLClassLoader(places, ClientMutantsTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(final String name, final boolean isResolved) throws ClassNotFoundException {
                synchronized (getClassLoadingLock(name)) {
                    if (!name.startsWith("penstock.client.")) {
                        return super.loadClass(name, isResolved);
                    }
                    final Class<?> loaded = findLoadedClass(name);
                    return loaded == null ? findClass(name) : loaded;
                }
            }
        }) {
            return loader.loadClass(ClientSituations.class.getName()).getMethod("failure").invoke(null);
        }
    }

    private static URL place(final Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }
}
