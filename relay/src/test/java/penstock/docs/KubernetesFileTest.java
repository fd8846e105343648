package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static penstock.docs.DeployFiles.at;
import static penstock.docs.DeployFiles.config;
import static penstock.docs.DeployFiles.documents;
import static penstock.docs.DeployFiles.host;
import static penstock.docs.DeployFiles.image;
import static penstock.docs.DeployFiles.list;
import static penstock.docs.DeployFiles.map;
import static penstock.docs.DeployFiles.string;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import penstock.config.relay.RelayConfig;

/** The manifests of config/deploy fit the relay, its image and each other. No cluster runs them here. */
class KubernetesFileTest {
    private static final Pattern SIZE = Pattern.compile("(\\d+)Mi");

    private final List<Object> kubernetes = documents("kubernetes.yaml");

    @Test
    void shouldStartPodsThatFindEachOtherAndAreAskedWhatTheRelayAnswers() {
        for (final String kind : List.of("StatefulSet/penstock-ingest", "Deployment/penstock-edge")) {
            final String name = kind.substring(kind.indexOf('/') + 1);
            final Map<String, Object> set = object(kind);
            final Map<String, Object> pod = map(at(set, "spec", "template", "spec"));
            final Map<String, Object> container = map(list(pod.get("containers")).get(0));
            final RelayConfig config = config(string(at(object("ConfigMap/" + name), "data", "relay.conf")),
                Map.of("PENSTOCK_SERVER_HOST", "0.0.0.0"));
            assertThat(container.get("image")).isEqualTo(image());
            assertThat(container.get("args")).isEqualTo(List.of("run", "-c", DeployFiles.MOUNTED));
            assertThat(at(list(container.get("ports")).get(0), "containerPort"))
                .isEqualTo(config.server().listen().port());
            assertThat(at(object("Service/" + name), "spec", "selector")).isEqualTo(labels(set));
            assertThat(at(set, "spec", "selector", "matchLabels")).isEqualTo(labels(set));
            assertThat(at(object("PodDisruptionBudget/" + name), "spec", "selector", "matchLabels"))
                .isEqualTo(labels(set));
            assertThat(at(object("PodDisruptionBudget/" + name), "spec", "maxUnavailable")).isEqualTo(1);
            assertThat((Integer) at(set, "spec", "replicas")).as("one may be away").isGreaterThan(1);
            assertProbes(container);
            assertGrace(pod, container, config);
            assertMemory(container, config);
            assertVolumes(pod, container);
        }
    }

    @Test
    void shouldNameThePodsOfTheIngests() {
        final Map<String, Object> ingests = object("StatefulSet/penstock-ingest");
        final String service = string(at(ingests, "spec", "serviceName"));
        assertThat(at(object("Service/" + service), "spec", "clusterIP")).as("a name for each pod").isEqualTo("None");
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < (Integer) at(ingests, "spec", "replicas"); i++) {
            names.add("penstock-ingest-" + i + "." + service);
        }
        final String ingest = string(at(object("ConfigMap/penstock-ingest"), "data", "relay.conf"));
        assertThat(config(ingest, Map.of()).server().edge().hostNames()).isEqualTo(names);
        final RelayConfig edge =
            config(string(at(object("ConfigMap/penstock-edge"), "data", "relay.conf")), Map.of());
        assertThat(edge.feed().urls().stream().map(url -> host(url.text()))).isEqualTo(names);
        final String mount = string(at(container(ingests), "volumeMounts"));
        assertThat(mount).contains("mountPath=" + Path.of(config(ingest, Map.of()).lease().tls().key()).getParent());
    }

    @Test
    void shouldBeOfTheVersionsThatServersHaveAndNameOnlyWhatIsThere() {
        final Map<String, String> versions = Map.of("ConfigMap", "v1", "Service", "v1", "StatefulSet", "apps/v1",
            "Deployment", "apps/v1", "PodDisruptionBudget", "policy/v1");
        final String head = Pages.text("config/deploy/kubernetes.yaml").split("apiVersion")[0];
        final Set<Object> names = new HashSet<>();
        for (final Object each : kubernetes) {
            final String kind = string(at(each, "kind"));
            assertThat(at(each, "apiVersion")).as(kind).isEqualTo(versions.get(kind));
            assertThat(names.add(kind + at(each, "metadata", "name"))).as("two of one name: " + each).isTrue();
            if (kind.equals("Service")) {
                final Map<String, Object> container = container(object(at(each, "metadata", "name").equals(
                    "penstock-edge") ? "Deployment/penstock-edge" : "StatefulSet/penstock-ingest"));
                assertThat(at(list(at(each, "spec", "ports")).get(0), "targetPort"))
                    .isEqualTo(at(list(container.get("ports")).get(0), "name"));
            }
            if (kind.equals("StatefulSet") || kind.equals("Deployment")) {
                secrets(each).forEach(secret -> assertThat(head).contains("create secret generic " + secret + ' '));
            }
        }
    }

    /** The file systems are read-only, and the user is that of the image. */
    @Test
    void shouldRunAsTheUserOfTheImageAndWriteToMemoryOnly() {
        for (final String name : List.of("StatefulSet/penstock-ingest", "Deployment/penstock-edge")) {
            final Map<String, Object> pod = map(at(object(name), "spec", "template", "spec"));
            assertThat(at(pod, "securityContext", "runAsNonRoot")).isEqualTo(true);
            assertThat(Pages.text("scripts/package")).contains("\"user " + at(pod, "securityContext", "runAsUser") + ':'
                + at(pod, "securityContext", "runAsGroup") + '"');
            assertThat(at(container(object(name)), "securityContext", "readOnlyRootFilesystem")).isEqualTo(true);
            assertThat(string(pod.get("volumes"))).contains("medium=Memory");
        }
    }

    /** Those that a pod takes variables or files from. */
    private static List<String> secrets(final Object set) {
        final List<String> secrets = new ArrayList<>();
        final Matcher named = Pattern.compile("secretName=([\\w-]+)|secretRef=\\{name=([\\w-]+)").matcher(string(set));
        while (named.find()) {
            secrets.add(named.group(1) == null ? named.group(2) : named.group(1));
        }
        return secrets;
    }

    private static void assertProbes(final Map<String, Object> container) {
        final String paths = Pages.text("relay/docs/reference/protocol.md");
        for (final String probe : List.of("livenessProbe", "readinessProbe")) {
            final Map<String, Object> request = map(at(container, probe, "httpGet"));
            assertThat(paths).contains("| `GET " + request.get("path") + "` | ");
            assertThat(request.get("port")).isEqualTo(at(list(container.get("ports")).get(0), "name"));
        }
        assertThat(at(container, "livenessProbe", "httpGet", "path")).as("a stale relay is alive")
            .isEqualTo("/healthz");
    }

    /** What is left after the time in which balancers learn it is enough to drain. */
    private static void assertGrace(final Map<String, Object> pod, final Map<String, Object> container,
            final RelayConfig config) {
        final Object lifecycle = container.get("lifecycle");
        final int before = lifecycle == null ? 0 : (Integer) at(lifecycle, "preStop", "sleep", "seconds");
        final long graceMs = ((Integer) pod.get("terminationGracePeriodSeconds") - before) * 1_000L;
        assertThat(graceMs).isGreaterThan(config.server().life().drainTimeMs() + 2_000);
    }

    /** The figures are those of the page. */
    private static void assertMemory(final Map<String, Object> container, final RelayConfig config) {
        final Matcher limit = SIZE.matcher(string(at(container, "resources", "limits", "memory")));
        assertThat(limit.matches()).isTrue();
        final Matcher heap = Pattern.compile("(?m)^-Xmx(\\d+)m$").matcher(Pages.text("config/jvm.options"));
        assertThat(heap.find()).isTrue();
        assertThat(Pages.text("relay/docs/how-to/in-a-container.md")).contains("about 100 MiB", "3.6 KiB per session");
        assertThat(Double.parseDouble(limit.group(1)))
            .isGreaterThan(Integer.parseInt(heap.group(1)) + 100
                + config.server().limits().maxSessions() * 3.6 / 1_024);
        assertThat(at(container, "resources", "requests", "memory")).as("memory that is there")
            .isEqualTo(at(container, "resources", "limits", "memory"));
    }

    private void assertVolumes(final Map<String, Object> pod, final Map<String, Object> container) {
        final List<Object> volumes = list(pod.get("volumes"));
        assertThat(list(container.get("volumeMounts")).stream().map(each -> map(each).get("name")))
            .containsExactlyInAnyOrderElementsOf(volumes.stream().map(each -> map(each).get("name")).toList());
        volumes.stream().map(each -> map(each).get("configMap")).filter(each -> each != null)
            .forEach(each -> assertThat(object("ConfigMap/" + map(each).get("name"))).isNotNull());
        assertThat(string(container.get("volumeMounts"))).contains("mountPath=/tmp");
    }

    private Map<String, Object> object(final String name) {
        return map(kubernetes.stream()
            .filter(each -> name.equals(at(each, "kind") + "/" + at(each, "metadata", "name"))).findFirst()
            .orElseThrow(() -> new AssertionError("no " + name)));
    }

    private static Map<String, Object> container(final Map<String, Object> set) {
        return map(list(at(set, "spec", "template", "spec", "containers")).get(0));
    }

    private static Object labels(final Map<String, Object> set) {
        return at(set, "spec", "template", "metadata", "labels");
    }
}
