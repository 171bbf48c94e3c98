/** Documents of AKS clusters of the older kind: made by the workspace, or attached for web services of the SDK v1. */
import * as z from 'zod';
import { positiveInteger } from '../../shared/model/schemaKit.ts';
import { wordCodec } from './codecs.ts';
import type { ComputeKind } from './computeKind.ts';
import { common, commonFields, resourceField, resourceId, word } from './parts.ts';

const tls = z
  .strictObject({
    status: word(['disabled', 'enabled', 'auto']).describe(
      'Auto takes a certificate of Microsoft for a domain of Azure; enabled takes your own.',
    ),
    leaf_domain_label: z
      .string()
      .optional()
      .describe('First part of the domain that a certificate of Microsoft is for.'),
    overwrite_existing_domain: z
      .boolean()
      .optional()
      .describe('Whether the domain is taken from what has it now.'),
    cname: z.string().optional().describe('Domain that your own certificate is for.'),
    cert_file: z.string().optional().describe('File with your certificate, as PEM.'),
    key_file: z.string().optional().describe('File with its private key, as PEM.'),
    cert: z
      .string()
      .optional()
      .describe('The certificate itself, in place of its file; better not written down.'),
    key: z
      .string()
      .optional()
      .describe('The private key itself, in place of its file; better not written down.'),
  })
  .optional()
  .describe('TLS of the web services. To change it later, detach the cluster and attach it anew.');

const clusterNetwork = z
  .strictObject({
    subnet_id: z.string().optional().describe('Whole id of the subnet of the nodes.'),
    service_cidr: z.string().optional().describe('Addresses of services: `10.0.0.0/16`.'),
    dns_service_ip: z.string().optional().describe('Address of the name service: `10.0.0.10`.'),
    docker_bridge_cidr: z.string().optional().describe('Addresses of Docker: `172.17.0.1/16`.'),
  })
  .optional()
  .describe('Network of a new cluster.');

const inner = 'properties.properties';
const ssl = `${inner}.sslConfiguration`;
const networking = `${inner}.aksNetworkingConfiguration`;

export const aks: ComputeKind = {
  type: 'aks',
  computeType: 'AKS',
  schemaName: null,
  schema: z.strictObject({
    ...common,
    type: word(['aks']),
    resource_id: resourceId
      .optional()
      .describe('Id of the cluster that is attached; without it a new one is made.'),
    purpose: word(['fast_prod', 'dense_prod', 'dev_test'])
      .optional()
      .describe('For production, packed densely, or for development and tests.'),
    node_count: positiveInteger().optional().describe('Nodes of a new cluster.'),
    size: z.string().optional().describe('Size of its nodes, such as `Standard_D8s_v3`.'),
    ssl_settings: tls,
    network_settings: clusterNetwork,
    load_balancer_type: word(['public_ip', 'internal_load_balancer'])
      .optional()
      .describe('Whether the web services have a public address.'),
    load_balancer_subnet: z.string().optional().describe('Subnet of an internal load balancer.'),
    cluster_fqdn: z.string().optional().describe('Only read: the domain of the cluster.'),
  }),
  secrets: ['ssl_settings.cert', 'ssl_settings.key'],
  files: [
    { file: 'ssl_settings.cert_file', text: 'ssl_settings.cert' },
    { file: 'ssl_settings.key_file', text: 'ssl_settings.key' },
  ],
  fields: [
    ...commonFields,
    resourceField,
    {
      key: 'purpose',
      at: `${inner}.clusterPurpose`,
      codec: wordCodec({ fast_prod: 'FastProd', dense_prod: 'DenseProd', dev_test: 'DevTest' }),
    },
    { key: 'node_count', at: `${inner}.agentCount` },
    { key: 'size', at: `${inner}.agentVmSize` },
    {
      key: 'ssl_settings.status',
      at: `${ssl}.status`,
      codec: wordCodec({ disabled: 'Disabled', enabled: 'Enabled', auto: 'Auto' }),
    },
    { key: 'ssl_settings.leaf_domain_label', at: `${ssl}.leafDomainLabel` },
    { key: 'ssl_settings.overwrite_existing_domain', at: `${ssl}.overwriteExistingDomain` },
    { key: 'ssl_settings.cname', at: `${ssl}.cname` },
    { key: 'ssl_settings.cert', at: `${ssl}.cert` },
    { key: 'ssl_settings.key', at: `${ssl}.key` },
    { key: 'network_settings.subnet_id', at: `${networking}.subnetId` },
    { key: 'network_settings.service_cidr', at: `${networking}.serviceCidr` },
    { key: 'network_settings.dns_service_ip', at: `${networking}.dnsServiceIP` },
    { key: 'network_settings.docker_bridge_cidr', at: `${networking}.dockerBridgeCidr` },
    {
      key: 'load_balancer_type',
      at: `${inner}.loadBalancerType`,
      codec: wordCodec({
        public_ip: 'PublicIp',
        internal_load_balancer: 'InternalLoadBalancer',
      }),
    },
    { key: 'load_balancer_subnet', at: `${inner}.loadBalancerSubnet` },
    { key: 'cluster_fqdn', at: `${inner}.clusterFqdn` },
  ],
};
