using System.Text.RegularExpressions;

namespace Runback.Runbook.Profiles;

/// <summary>What well-known images are, by the last part of their names.</summary>
internal static partial class KnownImages
{
    // Servers, proxies and tools that projects run beside their own code.
    private static readonly HashSet<string> Others =
    [
        .. ("redis valkey keydb dragonfly memcached rabbitmq nats kafka cp-kafka zookeeper cp-zookeeper redpanda mosquitto emqx "
            + "adminer pgadmin4 pgbouncer pgcat pgpool postgrest postgres-exporter pghero pgbackrest pg_back "
            + "mailhog mailpit mailcatcher maildev smtp postfix docker-mailserver minio mc seaweedfs elasticsearch opensearch kibana logstash filebeat "
            + "grafana prometheus alertmanager loki promtail tempo alloy jaeger all-in-one zipkin opentelemetry-collector opentelemetry-collector-contrib node-exporter cadvisor blackbox-exporter "
            + "mongo mongo-express mysql mariadb phpmyadmin mssql sqlite clickhouse-server cassandra neo4j influxdb couchdb "
            + "flower watchtower portainer portainer-ce certbot vault consul keycloak dex meilisearch typesense qdrant weaviate milvus chroma etcd localstack "
            + "busybox alpine debian ubuntu python node golang hello-world curl wait-for dockerize docker-socket-proxy cloudflared tailscale ollama searxng gotenberg "
            + "ofelia autoheal backup docker-volume-backup rclone restic redisinsight redis-commander selenium standalone-chrome browserless chrome sentry statsd unbound "
            + "bitwarden vaultwarden authentik server-proxy oauth2-proxy authelia crowdsec imaginary imgproxy").Split(' '),
    ];

    private static readonly HashSet<string> Proxies =
        [.. "nginx nginx-proxy acme-companion nginx-unprivileged traefik caddy caddy-docker-proxy haproxy envoy httpd apache openresty kong nginx-proxy-manager swag".Split(' ')];

    /// <summary>Whether it is a PostgreSQL server.</summary>
    public static bool IsPostgres(string? repository) => repository is not null && Postgres().IsMatch(repository) && !NoServer().IsMatch(repository);

    /// <summary>Whether it is a proxy.</summary>
    public static bool IsProxy(string name) => Proxies.Contains(name);

    /// <summary>Whether it is no application of anybody's own.</summary>
    public static bool IsOther(string? repository) =>
        repository is not null && (IsPostgres(repository) || NoServer().IsMatch(repository) || repository[(repository.LastIndexOf('/') + 1)..] is var name && (Others.Contains(name) || IsProxy(name)));

    // postgres, postgis/postgis, pgvector/pgvector, timescale/timescaledb(-ha), bitnami/postgresql(-repmgr), supabase/postgres, citusdata/citus, …/spilo-17
    [GeneratedRegex(@"(?:^|/)(?:postgres(?:ql)?(?:-\w+)?|postgis|pgvector(?:s|-rs|o-rs)?|pgvecto-rs|timescaledb(?:-\w+)?|citus|paradedb|spilo-\d+|alloydbomni|cloudnative-pg|pgautoupgrade|[\w-]*-postgres(?:ql)?)$", RegexOptions.IgnoreCase)]
    private static partial Regex Postgres();

    // Tools that carry its name.
    [GeneratedRegex(@"(?:exporter|backup|pgbouncer|pgadmin|pgpool|client|migrat|operator|rest)[\w.-]*$", RegexOptions.IgnoreCase)]
    private static partial Regex NoServer();
}
