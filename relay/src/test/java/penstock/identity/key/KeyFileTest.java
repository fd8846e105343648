package penstock.identity.key;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.ConfigException;
import penstock.config.Problem;
import penstock.config.relay.AuthConfig;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.identity.TokenException;
import penstock.telemetry.ErrorLog;
import penstock.testkit.RecordedLog;

class KeyFileTest {
    private static final String DESK_7 = ClientKey.random();
    private static final String DESK_8 = ClientKey.random();

    private final Products products = new Products(Map.of(
        "fx", new AuthConfig.Product(List.of(), List.of("EUR*")),
        "metals", new AuthConfig.Product(List.of(), List.of("XAU*"))));
    private final ErrorLog errors = new ErrorLog();
    private final List<UnaryOperator<Principal>> changes = new CopyOnWriteArrayList<>();
    private final RecordedLog log = new RecordedLog(KeyFile.class.getName());
    @TempDir
    private Path folder;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("keys.conf");
    }

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void shouldReadTheQuotasOfAKey() throws Exception {
        final KeyFile keys = open(
            line("desk-7", DESK_7, "products = [fx], quotas { requests-per-second = 100, symbols = 0 }"),
            line("desk-8", DESK_8, "products = [fx]"));
        assertThat(keys.authenticate(DESK_7).terms().quotas()).isEqualTo(new AuthConfig.Quotas(-1, 100, -1, -1, 0));
        assertThat(keys.authenticate(DESK_8).terms().quotas()).as("auth.quotas").isNull();
        assertThatThrownBy(() -> open(line("desk-7", DESK_7, "products = [fx], quotas { requests = 1 }")))
            .hasMessageContaining("quotas.requests: unknown key; known here: handshakes-per-second");
    }

    @Test
    void shouldMakeAnEdgeOfAKeyThatSaysSo() throws Exception {
        final KeyFile keys = open(line("london", DESK_7, "role = edge"),
            line("desk-8", DESK_8, "products = [fx], role = client"));
        assertThat(keys.authenticate(DESK_7).isEdge()).isTrue();
        assertThat(keys.authenticate(DESK_7).products()).as("all").containsExactlyInAnyOrder("fx", "metals");
        assertThat(keys.authenticate(DESK_8).isEdge()).isFalse();
        assertThatThrownBy(() -> open(line("desk-8", DESK_8, "products = [fx], role = admin")))
            .hasMessageContaining("keys[0].role").hasMessageContaining("client, edge");
    }

    @Test
    void shouldAuthenticateByKeys() throws Exception {
        final KeyFile keys = open(line("desk-7", DESK_7, "products = [fx, metals], sessions = 3"),
            line("desk-8", DESK_8, "products = []"));

        assertThat(keys.authenticate(DESK_7)).isEqualTo(new Principal("desk-7", Set.of("fx", "metals"), 3,
            Principal.NEVER, "sha256:" + ClientKey.hash(DESK_7).substring(0, 16)));
        assertThat(keys.authenticate(DESK_8).products()).isEmpty();
        assertThat(keys.authenticate(DESK_8).maxSessions()).as("auth.sessions").isEqualTo(20);
    }

    @Test
    void shouldLeaveTheProductsOfAKeyThatNamesNoneToTheServiceThatDecides() throws Exception {
        final Products decided = new Products(Map.of("fx", new AuthConfig.Product(List.of(), List.of("EUR*")),
            "metals", new AuthConfig.Product(List.of(), List.of("XAU*"))), true);
        Files.writeString(file, "keys = [\n" + line("desk-7", DESK_7, "sessions = 1") + "\n"
            + line("desk-8", DESK_8, "products = [fx]") + "\n]");
        final KeyFile keys = new KeyFile(file, decided, 20, errors);

        assertThat(keys.authenticate(DESK_7).products()).containsExactlyInAnyOrder("fx", "metals");
        assertThat(keys.authenticate(DESK_8).products()).containsExactly("fx");
    }

    @Test
    void shouldRefuseEveryOtherTokenAlike() throws Exception {
        final KeyFile keys = open(line("desk-7", DESK_7, "products = [fx]"));
        final List<String> wrong = new ArrayList<>(List.of("", " ", DESK_8, DESK_7 + "A", DESK_7.substring(1),
            DESK_7.toUpperCase(), " " + DESK_7, DESK_7 + "\n", DESK_7.replace("penstock_", "PENSTOCK_"),
            ClientKey.hash(DESK_7), "sha256:" + ClientKey.hash(DESK_7), "\ud800".repeat(ClientKey.CHARS),
            "x".repeat(100 * 1_024), "penstock_" + "\u00e9".repeat(43)));
        wrong.add(null);
        for (final String token : wrong) {
            final TokenException refused = catchThrowableOfType(TokenException.class, () -> keys.authenticate(token));
            assertThat(refused.kind()).isEqualTo(TokenException.Kind.INVALID);
            assertThat(refused.getMessage()).isIn("the token does not have the form of a key",
                "the keys file has no such key");
        }
    }

    @Test
    void shouldReportEachMistakeWithItsLineAndARemedy() throws Exception {
        assertThat(problems("keys = [\n"
            + line("desk-7", DESK_7, "products = [fx]") + "\n"
            + line("desk-7", DESK_8, "products = [fxx]") + "\n"
            + line("desk-8", DESK_7, "") + "\n"
            + "{ id = \"a b\\n\", hash = \"" + DESK_8 + "\", products = [fx], sesions = 1 }\n"
            + "{ hash = \"sha256:12\", products = [fx], sessions = many }\n"
            + "]")).containsExactly(
            "keys.conf:3: keys[1].products: the configuration has no product of this name: fxx; did you mean fx?",
            "keys.conf:3: keys[1].id: is the id of another line, too; give each line an id of its own",
            "keys.conf:4: keys[2].products: is missing; add a line: products = [fx, metals]",
            "keys.conf:4: keys[2].hash: is the hash of another key, too; make a key for each client with relay key new",
            "keys.conf:5: keys[3].id: has a control character; use a short name like desk-7",
            "keys.conf:5: keys[3].hash: must be sha256: and 64 hexadecimal digits, as relay key new prints it; the key "
                + "itself does not belong here",
            "keys.conf:5: keys[3].sesions: unknown key; did you mean sessions?",
            "keys.conf:6: keys[4].id: is missing; add a line: id = …",
            "keys.conf:6: keys[4].hash: must be sha256: and 64 hexadecimal digits, as relay key new prints it; the key "
                + "itself does not belong here",
            "keys.conf:6: keys[4].sessions: must be a whole number from 0 to 1000000, got many");
    }

    @Test
    void shouldSayHowToBeginIfTheFileIsMissingOrEmpty() throws Exception {
        assertThat(lines(catchThrowableOfType(ConfigException.class, this::open0))).singleElement().asString()
            .startsWith("keys.conf: no such file; looked for " + file).contains("relay key new");
        assertThat(problems("")).containsExactly(
            "keys.conf:1: keys: is missing; write keys = [] to accept no key at all");
        assertThat(problems("keys = [")).singleElement().asString().startsWith("keys.conf:");
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(lines(catchThrowableOfType(ConfigException.class, this::open0))).singleElement().asString()
            .startsWith("keys.conf: is a directory");
    }

    @Test
    void shouldNotRepeatAKeyThatStandsInAWrongPlace() throws Exception {
        for (final String text : List.of("keys = [{ id = a, hash = HERE, products = [fx] }]",
            "keys = [{ id = a, hash = [HERE], products = [fx] }]", "keys = HERE", "HERE", "keys = [{ HERE = 1 }]",
            "keys = [{ id = a, products = [HERE], hash = HERE:HERE", "keys = [{ id = a, sessions = HERE }]",
            "keys = ${HERE}", "keys = [{ id = HERE\n id = \"HERE\" \"\"\" }]")) {
            assertThat(problems(text.replace("HERE", DESK_7))).isNotEmpty()
                .noneMatch(line -> line.contains(DESK_7.substring(12)));
        }
    }

    @Test
    void shouldReadTheFileAgainWhenItWasReplaced() throws Exception {
        final KeyFile keys = open(line("desk-7", DESK_7, "products = [fx]"));
        final Principal before = keys.authenticate(DESK_7);
        keys.poll();
        assertThat(changes).as("nothing changed").isEmpty();

        replace(line("desk-7", DESK_7, "products = [metals]"), line("desk-8", DESK_8, "products = [fx]"));
        keys.poll();
        assertThat(keys.authenticate(DESK_8).id()).isEqualTo("desk-8");
        assertThat(keys.authenticate(DESK_7).products()).containsExactly("metals");
        assertThat(changes).singleElement().satisfies(current -> {
            assertThat(current.apply(before)).isEqualTo(keys.authenticate(DESK_7));
            final Principal after = keys.authenticate(DESK_7);
            assertThat(current.apply(after)).as("a session that came after the change").isSameAs(after);
        });
    }

    @Test
    void shouldRevokeAKeyThatWasRemovedOrReplaced() throws Exception {
        final KeyFile keys = open(line("desk-7", DESK_7, "products = [fx]"), line("desk-8", DESK_8, "products = [fx]"));
        final Principal removed = keys.authenticate(DESK_7);
        final Principal replaced = keys.authenticate(DESK_8);

        replace(line("desk-8", ClientKey.random(), "products = [fx]"));
        keys.poll();

        assertThat(changes).singleElement().satisfies(current -> {
            assertThat(current.apply(removed)).isNull();
            assertThat(current.apply(replaced)).isNull();
        });
        assertThat(catchThrowableOfType(TokenException.class, () -> keys.authenticate(DESK_7))).isNotNull();
        assertThat(catchThrowableOfType(TokenException.class, () -> keys.authenticate(DESK_8))).isNotNull();
    }

    @Test
    void shouldKeepTheOldKeysWhileTheNewFileIsBroken() throws Exception {
        final KeyFile keys = open(line("desk-7", DESK_7, "products = [fx]"));
        for (final String broken : List.of("keys = [", "", "keys = [{ id = desk-7 }]")) {
            Files.writeString(file, broken);
            keys.poll();
            keys.poll();
            assertThat(keys.authenticate(DESK_7).id()).isEqualTo("desk-7");
        }
        Files.delete(file);
        keys.poll();
        keys.poll();
        assertThat(keys.authenticate(DESK_7).id()).isEqualTo("desk-7");
        assertThat(log.lines().stream().filter(line -> line.contains("is broken")))
            .as("each broken version once").hasSize(4);
        assertThat(log.lines()).anyMatch(line -> line.startsWith("ERROR " + file
            + ":1: keys[0].hash: must be sha256:"));

        replace(line("desk-8", DESK_8, "products = [fx]"));
        keys.poll();
        assertThat(keys.authenticate(DESK_8).id()).isEqualTo("desk-8");
        assertThat(changes).hasSize(1);
        assertThat(log.lines()).last().isEqualTo("INFO auth.keys-file was read again: 1 key, before 1 key");
    }

    @Test
    void shouldNoticeARenameOfAFileAsOldAndAsLarge() throws Exception {
        final FileTime old = FileTime.fromMillis(1_000_000);
        Files.writeString(file, text(line("desk-7", DESK_7, "products = [fx]")));
        Files.setLastModifiedTime(file, old);
        final KeyFile keys = open0();
        keys.poll();
        final Path next = Files.writeString(folder.resolve("next"), text(line("desk-8", DESK_8, "products = [fx]")));
        assertThat(Files.size(next)).isEqualTo(Files.size(file));
        Files.setLastModifiedTime(next, old);
        Files.move(next, file, ATOMIC_MOVE);
        keys.poll();

        assertThat(keys.authenticate(DESK_8).id()).isEqualTo("desk-8");
    }

    /** What both versions have is never refused, whatever the reader does at that time. */
    @Test
    void shouldNeverRefuseAKeyThatBothVersionsHave() throws Exception {
        final KeyFile keys = open(line("desk-7", DESK_7, "products = [fx]"));
        final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        final AtomicBoolean isOver = new AtomicBoolean();
        final List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            final Thread client = new Thread(() -> {
                while (!isOver.get()) {
                    try {
                        final Principal now = keys.authenticate(DESK_7);
                        assertThat(now.products()).isIn(Set.of("fx"), Set.of("metals"));
                    } catch (final TokenException | AssertionError e) {
                        failures.add(e);
                    }
                }
            });
            client.start();
            clients.add(client);
        }
        for (int i = 0; i < 100; i++) {
            replace(line("desk-7", DESK_7, i % 2 == 0 ? "products = [metals]" : "products = [fx]"));
            keys.poll();
        }
        isOver.set(true);
        for (final Thread client : clients) {
            client.join();
        }

        assertThat(failures).isEmpty();
        assertThat(changes).hasSize(100);
    }

    @Test
    void shouldNameClientsByTheirCertificates() throws Exception {
        final KeyFile keys = open("{ id = desk-7, certificate = \"Desk 7\", products = [fx], sessions = 3 }",
            line("desk-8", DESK_8, "certificate = desk-8, products = [metals]"));

        final Principal principal = keys.certified("Desk 7");
        assertThat(principal).isEqualTo(
            new Principal("desk-7", Set.of("fx"), 3, Principal.NEVER, "certificate:Desk 7"));
        assertThat(keys.certified("desk-7")).as("an id is no certificate").isNull();
        assertThat(keys.certified("desk-8").id()).isEqualTo(keys.authenticate(DESK_8).id()).isEqualTo("desk-8");
        assertThat(keys.hasCertificates()).isTrue();
        final Principal held = keys.certified("desk-8").until(1_000);
        replace(line("desk-8", DESK_8, "certificate = desk-8, products = [fx]"));
        keys.poll();
        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).apply(principal)).isNull();
        assertThat(changes.get(0).apply(held)).isEqualTo(
            new Principal("desk-8", Set.of("fx"), 20, 1_000, "certificate:desk-8"));
        replace(line("desk-8", DESK_8, "products = [fx]"));
        keys.poll();
        assertThat(changes.get(0).apply(held)).as("its key remains, its certificate does not").isNull();
        assertThat(keys.certified("desk-8")).isNull();
    }

    @Test
    void shouldReportMistakesOfCertificates() throws IOException {
        assertThat(problems("keys = [\n{ id = a, certificate = x, products = [fx] }\n"
            + "{ id = b, certificate = x, products = [fx] }\n{ id = c, certificate = \"\", products = [fx] }\n"
            + "{ id = d, products = [fx] }\n]")).containsExactly(
            "keys.conf:3: keys[1].certificate: is the name of another line, too; one certificate is one client",
            "keys.conf:4: keys[2].certificate: must have 1 to 128 characters, has 0; it is the common name in the "
                + "certificate of the client",
            "keys.conf:5: keys[3].hash: must be sha256: and 64 hexadecimal digits, as relay key new prints it; the key "
                + "itself does not belong here");
        Files.writeString(file, text(line("a", DESK_7, "products = [fx]"), "{ id = b, products = [fx] }"));
        assertThat(lines(catchThrowableOfType(ConfigException.class,
            () -> KeyFile.ofCertificates(file, products, 20, errors)))).containsExactly(
            "keys.conf:2: keys[0].hash: is of no use, because auth.mode is not keys; remove it, and name the "
                + "certificate of the client",
            "keys.conf:2: keys[0].certificate: is missing; it is the common name in the certificate of the client",
            "keys.conf:3: keys[1].certificate: is missing; it is the common name in the certificate of the client");
    }

    @Test
    void shouldLookForChangesByItself() throws Exception {
        try (KeyFile keys = open(line("desk-7", DESK_7, "products = [fx]"))) {
            keys.start();
            replace(line("desk-8", DESK_8, "products = [fx]"));

            await("the new key").pollInterval(Duration.ofMillis(20))
                .until(() -> catchThrowableOfType(TokenException.class, () -> keys.authenticate(DESK_8)) == null);
        }
        assertThat(errors.count()).isZero();
    }

    @Test
    void shouldShowNoKeyInAnyText() throws Exception {
        final KeyFile keys = open(line("desk-7", DESK_7, "products = [fx]"));
        final Principal principal = keys.authenticate(DESK_7);
        final TokenException refused = catchThrowableOfType(TokenException.class, () -> keys.authenticate(DESK_8));

        assertThat(List.of(principal.toString(), refused.toString(), keys.toString()))
            .noneMatch(text -> text.contains(DESK_7.substring(9)) || text.contains(DESK_8.substring(9))
            || text.contains(ClientKey.hash(DESK_7)));
    }

    private KeyFile open(final String... lines) throws IOException {
        Files.writeString(file, text(lines));
        return open0();
    }

    private KeyFile open0() {
        final KeyFile keys = new KeyFile(file, products, 20, errors);
        keys.onChanged(changes::add);
        return keys;
    }

    private void replace(final String... lines) throws IOException {
        Files.move(Files.writeString(folder.resolve("next"), text(lines)), file, ATOMIC_MOVE);
    }

    private List<String> problems(final String text) throws IOException {
        Files.writeString(file, text);
        return lines(catchThrowableOfType(ConfigException.class, this::open0));
    }

    private List<String> lines(final ConfigException refused) {
        return refused.problems().stream().map(Problem::toString)
            .map(line -> line.startsWith(folder + "/") ? line.substring(folder.toString().length() + 1) : line)
            .toList();
    }

    private static String text(final String... lines) {
        return "keys = [\n" + String.join("\n", lines) + "\n]\n";
    }

    private static String line(final String id, final String key, final String rest) {
        return "{ id = \"" + id + "\", hash = \"sha256:" + ClientKey.hash(key) + "\", " + rest + " }";
    }
}
