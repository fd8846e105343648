package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static penstock.docs.DeployFiles.at;
import static penstock.docs.DeployFiles.config;
import static penstock.docs.DeployFiles.documents;
import static penstock.docs.DeployFiles.host;
import static penstock.docs.DeployFiles.image;
import static penstock.docs.DeployFiles.list;
import static penstock.docs.DeployFiles.map;
import static penstock.docs.DeployFiles.port;
import static penstock.docs.DeployFiles.string;
import static penstock.docs.DeployFiles.text;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.relay.RelayConfig;
import penstock.testkit.EndedProcess;

/** The files of config/deploy fit the relay, its packages and each other. No engine runs them here. */
class DeployFilesTest {
    private static final Pattern DIRECTIVE = Pattern.compile("(?m)^\\w+=.*$");

    @TempDir
    private Path folder;

    private final Map<String, Object> compose = map(documents("compose.yaml").get(0));

    @Test
    void shouldRunInstancesOfTheServiceAsThePackageRunsOne() throws Exception {
        final String template = text("penstock@.service");
        final List<String> one = directives(Pages.text("relay/src/package/penstock.service"));
        final List<String> many = directives(template);
        assertThat(many.stream().filter(line -> !one.contains(line)).map(line -> line.split("=")[0]).distinct())
            .as("what differs").containsExactlyInAnyOrder("Description", "Documentation", "EnvironmentFile",
                "ExecStart", "WatchdogSec", "StateDirectory", "LogsDirectory", "RuntimeDirectory", "WorkingDirectory",
                "Environment");
        assertThat(one.stream().map(line -> line.split("=")[0]).distinct())
            .as("nothing is missing").isSubsetOf(many.stream().map(line -> line.split("=")[0]).toList());
        assertThat(template).contains("ExecStart=/usr/lib/penstock/bin/relay run -c /etc/penstock/%i.conf\n");
        for (final String role : List.of("ingest", "edge")) {
            assertThat(text(role + ".conf")).contains("/etc/penstock/" + role + ".conf");
        }
        assertThat(Long.parseLong(value(many, "WatchdogSec")) * 1_000)
            .isLessThan(config(text("ingest.conf"), Map.of()).lease().times().durationMs());
        assertThat(Long.parseLong(value(many, "TimeoutStopSec")) * 1_000)
            .isGreaterThan(config(text("ingest.conf"), Map.of()).server().life().drainTimeMs());
        verify(template);
    }

    /** By systemd, where it is installed. */
    private void verify(final String template) throws Exception {
        final boolean isThere = Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "systemd-analyze")));
        if (isThere) {
            // the program is not installed here
            final Path unit = Files.writeString(folder.resolve("penstock@.service"),
                template.replace("/usr/lib/penstock/bin/relay", "/bin/true"));
            final EndedProcess verified = EndedProcess.run(new ProcessBuilder("systemd-analyze", "verify",
                unit.resolveSibling("penstock@ingest.service").toString()), folder);
            assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
        }
    }

    @Test
    void shouldStartRelaysInContainersThatFindEachOther() {
        final Map<String, Object> services = map(compose.get("services"));
        for (final String name : List.of("ingest1", "ingest2", "edge1", "edge2")) {
            final Map<String, Object> service = map(services.get(name));
            assertThat(service.get("image")).isEqualTo(image());
            assertThat(service.get("command")).isEqualTo(List.of("run", "-c", DeployFiles.MOUNTED));
            final RelayConfig config = configOf(service);
            assertThat(Duration.parse("PT" + service.get("stop_grace_period")).toMillis())
                .isGreaterThan(config.server().life().drainTimeMs() + 2_000);
            assertThat((Integer) map(service.get("ulimits")).get("nofile"))
                .isGreaterThan(config.server().limits().maxSessions() + 1_300);
            if (name.startsWith("ingest")) {
                assertThat(config.lease().name()).isEqualTo(name);
                assertThat(config.server().edge().hostNames()).contains(name);
                assertThat(config.lease().etcd()).allSatisfy(url -> assertThat(string(map(
                    services.get(host(url))).get("command"))).contains("--advertise-client-urls=" + url));
            } else {
                assertThat(config.feed().urls()).hasSize(2).allSatisfy(url -> assertThat(configOf(
                    map(services.get(host(url.text())))).server().listen().port()).isEqualTo(port(url.text())));
                assertThat(config.server().edge().trustedProxies()).isEqualTo(List.of(address(services, "haproxy")));
            }
        }
    }

    @Test
    void shouldSendSubscribersToTheEdgesOfTheContainers() {
        final Map<String, Object> services = map(compose.get("services"));
        final String proxy = text("haproxy.cfg");
        final Matcher server = Pattern.compile("(?m)^ {2}server (\\S+) (\\S+):(\\d+)$").matcher(proxy);
        final List<String> edges = new ArrayList<>();
        while (server.find()) {
            final Map<String, Object> service = map(services.get(server.group(2)));
            final RelayConfig config = configOf(service);
            assertThat(config.server().listen().port()).isEqualTo(Integer.parseInt(server.group(3)));
            assertThat(proxy).contains("maxconn " + config.server().limits().maxSessions());
            assertThat(address(services, server.group(2))).isNotNull();
            edges.add(server.group(1));
        }
        assertThat(edges).containsExactly("edge1", "edge2");
        assertThat(string(map(services.get("haproxy")).get("ports"))).contains(":80]");
        assertThat(proxy).contains("bind :80\n", "httpchk GET /readyz\n");
    }

    @Test
    void shouldNameOnlyWhatIsThere() {
        final Map<String, Object> services = map(compose.get("services"));
        final List<Object> named = new ArrayList<>();
        services.forEach((name, each) -> {
            final Map<String, Object> service = map(each);
            assertThat(string(service.get("image"))).as(name).isNotEqualTo("null");
            named.addAll(service.get("depends_on") == null ? List.of() : list(service.get("depends_on")));
            final Object networks = service.get("networks");
            assertThat(networks instanceof Map ? List.copyOf(map(networks).keySet()) : list(networks)).as(name)
                .isNotEmpty().allMatch(map(compose.get("networks"))::containsKey);
            for (final Object volume : list(service.get("volumes"))) {
                final String source = string(volume).split(":")[0];
                if (source.startsWith("./")) {
                    assertThat(Pages.path("config/deploy").resolve(source)).isRegularFile();
                } else {
                    assertThat(map(compose.get("volumes"))).containsKey(source);
                }
            }
        });
        assertThat(services.keySet()).containsAll(named.stream().map(DeployFiles::string).toList());
    }

    @Test
    void shouldKnowTheMembersOfEtcdByTheirNames() {
        final Map<String, Object> services = map(compose.get("services"));
        final List<String> members = services.keySet().stream().filter(name -> name.startsWith("etcd")).toList();
        assertThat(members).hasSize(3);
        for (final String name : members) {
            final List<String> command = list(map(services.get(name)).get("command")).stream().map(DeployFiles::string)
                .toList();
            final String peer = "http://" + name + ":2380";
            assertThat(command).contains("--name=" + name, "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=" + String.join(",", members.stream().map(each -> each + "=http://" + each + ":2380")
                .toList()));
            assertThat(string(list(map(services.get(name)).get("volumes")).get(0))).isEqualTo(name + ":/data");
            assertThat(command).contains("--data-dir=/data");
        }
    }

    private RelayConfig configOf(final Map<String, Object> service) {
        final String volume = string(list(service.get("volumes")).get(0));
        assertThat(volume).endsWith(":" + DeployFiles.MOUNTED + ":ro");
        final Map<String, String> environment = new HashMap<>(Map.of("PENSTOCK_SERVER_HOST", "0.0.0.0"));
        if (service.get("environment") != null) {
            map(service.get("environment")).forEach((name, value) -> environment.put(name, string(value)));
        }
        return config(text(volume.substring(0, volume.indexOf(':')).replace("./", "")), environment);
    }

    private static String address(final Map<String, Object> services, final String name) {
        return string(at(services.get(name), "networks", "quotes", "ipv4_address"));
    }

    private static List<String> directives(final String unit) {
        return DIRECTIVE.matcher(unit).results().map(found -> found.group()).toList();
    }

    private static String value(final List<String> directives, final String name) {
        return directives.stream().filter(line -> line.startsWith(name + "=")).findFirst().orElseThrow().split("=")[1];
    }
}
