export const wizardSteps = ['who', 'profile', 'device', 'check', 'done'] as const;
export type WizardStep = (typeof wizardSteps)[number];

/** What the wizard keeps in the address. */
export type WizardQuery = { token?: string; profile?: string; step?: WizardStep };
