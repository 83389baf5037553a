package io.gradwatch.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.gradwatch.kubernetes.Yaml.Node;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;
import org.jspecify.annotations.Nullable;

/**
 * Resources as the operators' own classes have them, with nothing over: a field that a class does
 * not know fails, also where the class says that it passes over such fields, or keeps them apart.
 */
final class StrictModels {
  private static final Map<String, Class<? extends HasMetadata>> CLASSES =
      Map.ofEntries(
          Map.entry("ConfigMap", ConfigMap.class),
          Map.entry("Deployment", Deployment.class),
          Map.entry("FlinkDeployment", FlinkDeployment.class),
          Map.entry("Ingress", Ingress.class),
          Map.entry("KafkaTopic", KafkaTopic.class),
          Map.entry("KafkaUser", KafkaUser.class),
          Map.entry("NetworkPolicy", NetworkPolicy.class),
          Map.entry("PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("PodMonitor", PodMonitor.class),
          Map.entry("PrometheusRule", PrometheusRule.class),
          Map.entry("Role", Role.class),
          Map.entry("RoleBinding", RoleBinding.class),
          Map.entry("Service", Service.class),
          Map.entry("ServiceAccount", ServiceAccount.class));

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(new NothingIgnored())
          .build();

  /** The classes of the Flink operator pass over what they do not know; here they do not. */
  private static final class NothingIgnored extends JacksonAnnotationIntrospector {
    @Override
    public JsonIgnoreProperties.Value findPropertyIgnoralByName(
        MapperConfig<?> config, Annotated annotated) {
      return super.findPropertyIgnoralByName(config, annotated).withoutIgnoreUnknown();
    }
  }

  private StrictModels() {}

  /**
   * A resource.
   *
   * @throws IllegalArgumentException when it has a field or a value that its class does not know
   */
  static HasMetadata of(Node resource) {
    Class<? extends HasMetadata> type = CLASSES.get(resource.text("kind"));
    if (type == null) {
      throw new IllegalArgumentException(
          resource.title() + " is of a kind that no class stands for");
    }
    String version = HasMetadata.getApiVersion(type);
    if (!version.equals(resource.text("apiVersion"))) {
      throw new IllegalArgumentException(
          resource.title() + " has apiVersion " + resource.text("apiVersion") + ", not " + version);
    }
    return read(resource, type);
  }

  /** Any part of one. */
  static <T> T read(Node node, Class<T> type) {
    T model = MAPPER.convertValue(node.map(), type);
    List<String> unknown = new ArrayList<>();
    collectUnknown(model, type.getSimpleName(), unknown, identities());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(node.title() + " has unknown fields: " + unknown);
    }
    return model;
  }

  private static Set<Object> identities() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static void collectUnknown(
      @Nullable Object value, String path, List<String> unknown, Set<Object> seen) {
    if (value instanceof Collection<?> items) {
      int i = 0;
      for (Object item : items) {
        collectUnknown(item, path + "[" + i++ + "]", unknown, seen);
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, item) -> collectUnknown(item, path + "." + key, unknown, seen));
    } else if (value != null && isModel(value.getClass()) && seen.add(value)) {
      additional(value).keySet().forEach(name -> unknown.add(path + "." + name));
      for (Class<?> type = value.getClass(); isModel(type); type = type.getSuperclass()) {
        for (Field field : type.getDeclaredFields()) {
          if (!Modifier.isStatic(field.getModifiers())) {
            collectUnknown(get(field, value), path + "." + field.getName(), unknown, seen);
          }
        }
      }
    }
  }

  private static boolean isModel(Class<?> type) {
    String name = type.getName();
    return !type.isEnum()
        && (name.startsWith("io.fabric8.")
            || name.startsWith("io.strimzi.")
            || name.startsWith("org.apache.flink."));
  }

  /** What a class kept of what it does not know. */
  private static Map<?, ?> additional(Object model) {
    try {
      Method method = model.getClass().getMethod("getAdditionalProperties");
      Object kept = method.invoke(model);
      return kept instanceof Map<?, ?> map ? map : Map.of();
    } catch (NoSuchMethodException e) {
      return Map.of(); // Jackson has refused it
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Object get(Field field, Object owner) {
    try {
      field.setAccessible(true);
      return field.get(owner);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
