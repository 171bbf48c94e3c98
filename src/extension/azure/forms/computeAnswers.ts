/** What the forms of computes ask: their YAML document, and how the form goes on. */
import type { AzureConnection } from '../../../azure/connection.ts';
import type { SizePurpose } from '../../../azure/sizeOffers.ts';
import type { VmSizes } from '../../../azure/vmSizes.ts';
import type { AmlWorkspace } from '../../../azure/workspaces.ts';
import type { Tree } from '../../../azure/yaml/fields.ts';

/** Where the compute shall be. */
export interface FormPlace {
  readonly connection: AzureConnection;
  readonly workspace: AmlWorkspace;
  readonly sizes: VmSizes;
}

/** Keys of the document as in `azure/yaml`. */
export interface ComputeAnswers {
  readonly name?: string;
  readonly size?: string;
  readonly tier?: 'dedicated' | 'low_priority';
  readonly min_instances?: number;
  readonly max_instances?: number;
  readonly idle_time_before_scale_down?: number;
  readonly idle_time_before_shutdown_minutes?: number;
  readonly ssh_public_access_enabled?: boolean;
  readonly ssh_settings?: SshAnswers;
  readonly network_settings?: { readonly vnet_name?: string; readonly subnet: string };
  readonly identity?: {
    readonly type: string;
    readonly user_assigned_identities?: readonly { readonly resource_id: string }[];
  };
  readonly schedules?: object;
  readonly create_on_behalf_of?: {
    readonly user_object_id: string;
    readonly user_tenant_id: string;
  };
  readonly application_sharing_policy?: string;
  readonly resource_id?: string;
  readonly namespace?: string;
  readonly address?: string;
  readonly workspace_url?: string;
  readonly access_token?: string;
  readonly purpose?: string;
  readonly node_count?: number;
  readonly ssl_settings?: TlsAnswers;
  /** What belongs to the form alone. */
  readonly form?: FormState;
}

/** Of a cluster's own user, or of a machine that is attached. */
export interface SshAnswers {
  readonly admin_username?: string;
  readonly ssh_key_value?: string;
  readonly admin_password?: string;
  readonly ssh_port?: number;
  readonly ssh_private_key_file?: string;
}

export interface TlsAnswers {
  readonly status?: string;
  readonly leaf_domain_label?: string;
  readonly cname?: string;
  readonly cert_file?: string;
  readonly key_file?: string;
}

export interface FormState {
  readonly purpose?: SizePurpose | 'all';
  readonly more?: boolean;
  readonly ssh?: boolean;
  readonly onBehalf?: boolean;
  readonly objectId?: string;
  readonly userIdentities?: boolean;
  /** `18:30`; empty for no schedule. */
  readonly stopAt?: string;
  /** Its id is typed, for it is not in the list. */
  readonly byId?: boolean;
  readonly signIn?: 'password' | 'key' | 'file';
  /** The key of that file wants a passphrase. */
  readonly keyIsLocked?: boolean;
  readonly passphrase?: string;
  /** Of AKS: a new cluster. */
  readonly isNew?: boolean;
  readonly kind?: string;
  readonly end?: 'send' | 'save' | 'use';
}

/** The document without what belongs to the form. @param type `amlcompute` */
export function documentFrom(answers: ComputeAnswers, type: string): Tree {
  const own = Object.entries(answers).filter(([key]) => key !== 'form');
  return { name: answers.name, type, ...Object.fromEntries(own) };
}
